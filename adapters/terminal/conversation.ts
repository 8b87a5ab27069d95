// Matches answers to the questions typed at this terminal, also after a process died.

import { userInfo } from "node:os";
import { z } from "zod";
import { explain } from "../../src/core/errors.ts";
import type { Address, Invocation } from "../../src/core/invocation.ts";
import type { Dispatcher, Outbox } from "../../src/core/platform.ts";
import type { Post } from "../../src/core/post.ts";
import type { Runtime } from "../../src/core/runtime.ts";
import { FOLLOWS_ALWAYS, NOTHING_TO_STOP } from "../kit/phrases.ts";
import { remarksOn } from "../kit/remarks.ts";
import { readTyped, type Asked, type Typed } from "../kit/read-typed.ts";
import { keepPictures } from "./send/pictures.ts";
import type { Screen } from "./send/send.ts";
import type { View } from "./send/stage.ts";
import type { TerminalSettings } from "./settings.ts";

const Destination = z.object({ id: z.string(), asked: z.string() });

/** What the ways of typing need: ask, and stop. */
export interface Line {
  /** Resolves with true when the answer stands, false when it failed. */
  ask(line: string): Promise<boolean>;
  /** Stops the running answer; false when none is running. */
  stop(): boolean;
  commands: Dispatcher["commands"];
}

export class Conversation {
  readonly #runtime: Runtime;
  readonly #settings: TerminalSettings;
  readonly #screen: Screen;
  /** One conversation from start to end: a follow-up continues, another start begins anew. */
  readonly #thread = crypto.randomUUID();
  readonly #waiting = new Map<string, (post: Post) => void>();
  /** By question: a further attempt at it goes on where the one before stands. */
  readonly #views = new Map<string, View>();
  #isClosed = false;
  #dispatcher: Dispatcher | undefined;

  constructor(runtime: Runtime, settings: TerminalSettings, screen: Screen) {
    this.#runtime = runtime;
    this.#settings = settings;
    this.#screen = screen;
  }

  through(dispatcher: Dispatcher): Line {
    this.#dispatcher = dispatcher;
    return {
      commands: dispatcher.commands,
      ask: (line) => this.#ask(line, dispatcher),
      stop: () => {
        const [id] = this.#waiting.keys();
        if (id) void this.#stop(id);
        return id !== undefined;
      },
    };
  }

  /** Whether this question was asked here and is not answered yet. */
  awaits(id: string): boolean {
    return this.#waiting.has(id);
  }

  outbox(address: Address): Outbox {
    const { id, asked } = Destination.parse(address.data);
    const isOurs = this.#waiting.has(id);
    return {
      pace: 50,
      show: async (post) => {
        const view = this.#views.get(id) ?? (isOurs ? this.#screen.open() : this.#screen.openEarlier(asked));
        this.#views.set(id, view);
        const isDone = post.state !== "working";
        view.show(isDone ? await keepPictures(post, this.#settings.pictureFolder) : post, asked);
        if (!isDone) return null;
        this.#views.delete(id);
        this.#waiting.get(id)?.(post);
        return null;
      },
    };
  }

  /** A person at the prompt finds the answer at the next start; nobody comes back for a script's, so that is stopped. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#settings.way !== "chat") await Promise.all([...this.#waiting.keys()].map((id) => this.#stop(id)));
  }

  async #stop(id: string): Promise<void> {
    await this.#dispatcher?.stop(id).catch((error: unknown) => this.#runtime.log.error("stop", { error }));
  }

  async #ask(line: string, dispatcher: Dispatcher): Promise<boolean> {
    if (this.#isClosed) return false;
    const typed = readTyped(line, dispatcher.commands);
    if (typed.kind === "stop" || typed.kind === "follow-ups") return this.#obey(typed);
    const invocation = this.#invocationOf(line, typed);
    const { promise, resolve } = Promise.withResolvers<Post>();
    this.#waiting.set(invocation.id, resolve);
    try {
      await dispatcher.enqueue(invocation);
      return (await promise).state === "done";
    } catch (error) {
      this.#screen.complain(explain(error)[this.#settings.language]);
      return false;
    } finally {
      this.#waiting.delete(invocation.id);
    }
  }

  /** A running answer is stopped; what cannot be done here is said. */
  #obey({ kind }: Exclude<Typed, Asked>): boolean {
    const [id] = this.#waiting.keys();
    if (kind === "stop" && id) void this.#stop(id);
    else this.#screen.complain((kind === "stop" ? NOTHING_TO_STOP : FOLLOWS_ALWAYS)[this.#settings.language]);
    return kind === "stop" && id !== undefined;
  }

  #invocationOf(line: string, { command, text, isPrivate }: Asked): Invocation {
    const id = `terminal-${crypto.randomUUID()}`;
    const name = userInfo().username;
    const { locale } = this.#settings;
    return {
      id,
      command,
      input: { text },
      user: { id: "terminal", name, isAdmin: true, isLocal: true, ...(locale && { locale }) },
      address: {
        platform: "terminal",
        workspace: "local",
        channel: "terminal",
        thread: this.#thread,
        // Whoever sits here is all there are.
        privacy: "public",
        data: { id, asked: line },
      },
      attachments: [],
      context: [],
      remarks: [...remarksOn({ isPrivate }, true)],
      receivedAt: this.#runtime.now(),
    };
  }
}
