// Keeps the listener connected; no failure of one event ends the process.

import { z } from "zod";
import { abortable, isLate, retry } from "../../../src/core/async.ts";
import { BotError, isRetryable } from "../../../src/core/errors.ts";
import { takeMessage, type BotIdentity } from "./messages.ts";
import { openGateway, type GatewayConnection } from "./gateway.ts";
import { Guilds } from "./guilds.ts";
import { takeInteraction } from "./interactions.ts";
import { describeCommands } from "./register.ts";
import type { ListenerContext } from "./submit.ts";

/** A start that takes longer goes on by itself. */
const START_MAY_TAKE_MS = 15_000;
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 5 * 60_000;
const REGISTER_TRIES = 5;
/** How long what was heard may take to be queued when the process leaves. */
const LAST_MS = 3000;

const Named = z.object({ id: z.string() });
const Ready = z.object({ user: Named, application: Named.optional() });

export class Listener {
  readonly #listener: ListenerContext;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #guilds: Guilds;
  #connection: GatewayConnection | undefined;
  #self: BotIdentity | undefined;
  #hasStarted = false;

  constructor(listener: Omit<ListenerContext, "isClosed">) {
    const guilds = new Guilds(listener.send, listener.runtime);
    this.#guilds = guilds;
    this.#listener = { ...listener, isClosed: (guild, channel) => guilds.isClosed(guild, channel) };
  }

  /** Throws BotError "misconfigured" where Discord refuses at once. Where it is only out of reach, it is tried on and on. */
  async start(): Promise<void> {
    const { runtime } = this.#listener;
    const { promise: settled, resolve, reject } = Promise.withResolvers<void>();
    void this.#stayConnected(resolve, reject).catch(reject);
    try {
      const isSlow = await abortable(isLate(settled, START_MAY_TAKE_MS, runtime), this.#closing.signal).catch(
        () => true,
      );
      if (!isSlow) await settled;
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#hasStarted = true;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connection?.close();
    await isLate(Promise.allSettled(this.#running), LAST_MS, this.#listener.runtime);
  }

  /** One event of the gateway. */
  readonly #onEvent = (event: string, raw: unknown, shard: number): void => {
    switch (event) {
      case "READY":
        return this.#watch(this.#greet(raw, shard), "discord: ready");
      case "INTERACTION_CREATE":
        return this.#watch(takeInteraction(raw, this.#listener), "discord: interaction");
      case "MESSAGE_CREATE":
        if (this.#self) this.#watch(takeMessage(raw, this.#self, this.#guilds, this.#listener), "discord: message");
        return;
      default:
        this.#watch(this.#learn(event, raw), "discord: guild");
    }
  };

  async #greet(raw: unknown, shard: number): Promise<void> {
    const { user, application = user } = Ready.parse(raw);
    this.#self = { id: user.id, application: application.id };
    this.#listener.runtime.log.info("discord: ready", { shard, application: application.id });
    if (shard === 0) await this.#register(this.#self);
  }

  async #learn(event: string, raw: unknown): Promise<void> {
    this.#guilds.onEvent(event, raw);
  }

  /** Not retry(): a connection that held for days counts as a success, and is opened again all the same. */
  async #stayConnected(settle: () => void, refuse: (error: unknown) => void): Promise<void> {
    const { runtime, settings } = this.#listener;
    const closing = this.#closing.signal;
    for (let failures = 0; !closing.aborted; failures++) {
      try {
        this.#connection = await openGateway(settings, this.#onEvent, { runtime, closing });
        settle();
        failures = 0;
        const reason = await this.#connection.lost;
        runtime.log.error("discord: closed for good", { reason: reason.message });
        await this.#connection.close();
      } catch (error) {
        if (closing.aborted) return;
        // A refusal at the start is for the person who starts Heed; a later one may be put right while it runs.
        if (!this.#hasStarted && !isRetryable(error)) return refuse(error);
        runtime.log.error("discord: not connected", { error, reason: error instanceof BotError ? error.message : "" });
      }
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
      await runtime.sleep(pause, closing).catch(() => {});
    }
  }

  /** The whole list replaces the one that Discord has, so that no command of an older Heed stays behind. */
  async #register({ application }: BotIdentity): Promise<void> {
    const { send, settings, dispatcher, runtime } = this.#listener;
    const { guild, adminRoles } = settings;
    const path = `/applications/${application}${guild ? (`/guilds/${guild}` as const) : ""}/commands` as const;
    const body = describeCommands(dispatcher.commands, {
      hasAdminRoles: adminRoles.length > 0,
      isForOneGuild: guild !== undefined,
    });
    await retry(
      () => send({ method: "PUT", path, body }),
      (error, tries) => (isRetryable(error) && tries < REGISTER_TRIES ? FIRST_PAUSE_MS * 2 ** tries : undefined),
      runtime,
      this.#closing.signal,
    );
    runtime.log.info("discord: commands registered", { count: body.length, guild: guild ?? "all" });
  }

  /** Whatever goes wrong with one event is that event's alone. */
  #watch(work: Promise<void>, what: string): void {
    const watched = work.catch((error: unknown) => this.#listener.runtime.log.error(what, { error }));
    this.#running.add(watched);
    void watched.finally(() => this.#running.delete(watched));
  }
}
