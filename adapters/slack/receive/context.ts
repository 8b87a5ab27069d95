// Holds what every way in on Slack needs: the asker, the queue, and how failures are told.

import { BoundedMap } from "../../../src/core/bounded-map.ts";
import type { Attachment, Invocation, User } from "../../../src/core/invocation.ts";
import { toJson } from "../../../src/core/json.ts";
import { languageOf, languageOfLocale, type Language, type Phrase } from "../../../src/core/language.ts";
import type { Records } from "../../../src/core/records.ts";
import type { Runtime } from "../../../src/core/runtime.ts";
import { accept, type AckCallbacks } from "../../kit/accept.ts";
import type { FollowUps } from "../../kit/follow-ups.ts";
import type { Asked } from "../../kit/read-typed.ts";
import type { StoppingDispatcher } from "../../kit/stop.ts";
import type { CallSlack } from "../api.ts";
import { type Destination, type Threads } from "../destination.ts";
import { z } from "zod";

/** Slack waits three seconds for an acknowledgement; what takes longer is said to take longer. */
const ACK_LIMIT_MS = 2200;
const LEAST_PATIENCE_MS = 100;

/** One request's workspace, seen with its own token. */
export interface WorkspaceClient {
  team: string;
  enterprise?: string | undefined;
  /** Heed's user id there. */
  botUser: string;
  /** The ids that mean Heed in a message: its user's, and its bot's. */
  mine: readonly string[];
  call: CallSlack;
}

export interface ListenerContext {
  dispatcher: StoppingDispatcher;
  followUps: FollowUps;
  people: People;
  threads: Threads;
  records: Records;
  runtime: Runtime;
  /** What buttons are signed with. */
  key: () => Promise<string>;
}

/** What a person asks, before it is an invocation. */
export interface PendingInvocation {
  typed: Pick<Asked, "command"> & { text?: string; options?: Readonly<Record<string, string | number | boolean>> };
  user: User;
  destination: Destination;
  attachments?: readonly Attachment[];
  context?: Invocation["context"];
  remarks?: readonly Phrase[];
  /** When Slack's request came, in milliseconds since 1970. */
  receivedAt: number;
}

export function invocationOf({ typed, user, destination, ...question }: PendingInvocation): Invocation {
  const { attachments = [], context = [], remarks = [], receivedAt } = question;
  const { id, team, channel, memory, privacy, beginsThread } = destination;
  const address = {
    platform: "slack",
    workspace: team,
    channel,
    ...(memory && { thread: memory, beginsThread }),
    privacy,
  };
  return {
    id,
    command: typed.command,
    input: typed.options ? { options: { ...typed.options } } : { text: typed.text ?? "" },
    user,
    address: { ...address, data: toJson(destination) },
    attachments: [...attachments],
    context,
    remarks: [...remarks],
    receivedAt,
  };
}

export function languageFor(question: PendingInvocation): Language {
  return languageOf(question.typed.text ?? "") ?? languageOfLocale(question.user.locale);
}

/** What is left of the time that Slack waits for an acknowledgement, since its request came. */
export async function enqueueAndAck(
  question: PendingInvocation,
  { dispatcher, runtime }: Pick<ListenerContext, "dispatcher" | "runtime">,
  callbacks: AckCallbacks,
): Promise<void> {
  const patience = Math.max(LEAST_PATIENCE_MS, question.receivedAt + ACK_LIMIT_MS - runtime.now());
  await accept(invocationOf(question), patience, { dispatcher, runtime }, callbacks);
}

/** Rights that were taken away hold this much longer. */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 5000;
/** A question waits this long for its asker's name, not longer. */
const NAME_LIMIT_MS = 1200;

const Answer = z.looseObject({
  user: z.looseObject({
    id: z.string(),
    team_id: z.string().nullish(),
    name: z.string().nullish(),
    locale: z.string().nullish(),
    is_admin: z.boolean().nullish(),
    is_owner: z.boolean().nullish(),
    is_stranger: z.boolean().nullish(),
    deleted: z.boolean().nullish(),
    profile: z.looseObject({ display_name: z.string().nullish(), real_name: z.string().nullish() }).nullish(),
  }),
});

export class People {
  readonly #runtime: Pick<Runtime, "now" | "log">;
  readonly #admins: ReadonlySet<string>;
  readonly #known = new BoundedMap<string, { until: number; user: Promise<User> }>(MOST_REMEMBERED);

  constructor(admins: string | undefined, runtime: Pick<Runtime, "now" | "log">) {
    this.#runtime = runtime;
    this.#admins = new Set(admins?.split(/[\s,]+/).filter(Boolean));
  }

  /** Never throws: somebody whom Slack does not tell about is nobody's admin, unless listed. */
  async find(id: string, team: string, call: CallSlack, name?: string): Promise<User> {
    const key = `${team}/${id}`;
    const known = this.#known.get(key);
    if (known && known.until > this.#runtime.now()) return known.user;
    const user = this.#ask(id, team, call, name).catch((error: unknown) => {
      this.#known.delete(key);
      this.#runtime.log.warn("slack tells nothing about a user", { error });
      return { id, name: name ?? id, isAdmin: this.#admins.has(id), isLocal: false };
    });
    this.#known.set(key, { until: this.#runtime.now() + REMEMBERED_MS, user });
    return user;
  }

  async #ask(id: string, team: string, call: CallSlack, name: string | undefined): Promise<User> {
    const args = { user: id, include_locale: true };
    const { user } = Answer.parse(await call("users.info", args, AbortSignal.timeout(NAME_LIMIT_MS)));
    // In a shared channel, an admin of another company's workspace is an ordinary guest of this one.
    const isOfTeam = !user.is_stranger && (!user.team_id || user.team_id === team);
    const isAdmin = isOfTeam && !user.deleted && Boolean(user.is_admin || user.is_owner);
    const shown = user.profile?.display_name || user.profile?.real_name || user.name || name || id;
    return {
      id,
      name: shown,
      isAdmin: isAdmin || this.#admins.has(id),
      isLocal: false,
      ...(user.locale && { locale: user.locale }),
    };
  }
}
