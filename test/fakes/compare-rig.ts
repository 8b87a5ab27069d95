// A chat in memory over the real handler: people type and press buttons, models answer by script, records are real.

import { setTimeout as sleep } from "node:timers/promises";
import { commands } from "../../src/commands/index.ts";
import type { Toolbox } from "../../src/core/command.ts";
import { BotError } from "../../src/core/errors.ts";
import type { Hit } from "../../src/core/knowledge.ts";
import type { Invocation } from "../../src/core/invocation.ts";
import type { Model, ModelCard, ModelEvent, Models, Prompt } from "../../src/core/model.ts";
import type { Adapter } from "../../src/core/platform.ts";
import { isBare, textOf, type Post } from "../../src/core/post.ts";
import type { Attempt, Lane } from "../../src/core/queue.ts";
import type { Records } from "../../src/core/records.ts";
import type { Action } from "../../src/core/reply.ts";
import { families } from "../../src/models/catalog/index.ts";
import { openEmbeddedRecords } from "../../src/runtime/records-embedded.ts";
import { createHandler } from "../../workers/handle.ts";
import { createTestToolbox, invocation } from "./toolbox.ts";
import { liveRuntime } from "./vendor.ts";

/** Says nothing more until it is stopped. */
export const HANG = Symbol("hang");
/** Words, a pause in milliseconds, an event, an error, or silence for good. */
export type Line = string | number | ModelEvent | Error | typeof HANG;

export interface Player extends Model {
  prompts: Prompt[];
  /** How often it came to its end, fell silent for good, and was closed before its end. */
  done: number;
  silent: number;
  left: number;
}

export const CARD: ModelCard = {
  hosting: "vendor",
  supportsTemperature: true,
  isReasoning: false,
  strengths: [],
  languages: [],
};

/** Ends well after its lines unless they end it otherwise. */
export function player(name: string, lines: readonly Line[], more: Partial<Model> = {}): Player {
  const self: Player = {
    name,
    contextWindow: 100_000,
    isGenerative: true,
    prompts: [],
    done: 0,
    silent: 0,
    left: 0,
    card: CARD,
    ...more,
    async *generate(prompt, signal) {
      self.prompts.push(prompt);
      let done = false;
      try {
        yield* perform(lines, signal, () => self.silent++);
        done = true;
        self.done++;
      } finally {
        if (!done) self.left++;
      }
    },
  };
  return self;
}

async function* perform(lines: readonly Line[], signal: AbortSignal, falls: () => void): AsyncGenerator<ModelEvent> {
  for (const line of lines) {
    signal.throwIfAborted();
    if (line === HANG) {
      falls();
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    } else if (line instanceof Error) throw line;
    else if (typeof line === "number") await sleep(line, undefined, { signal });
    else yield typeof line === "string" ? { type: "text", text: line } : line;
  }
  if (lines.some((line) => typeof line === "object" && "type" in line && line.type === "stop")) return;
  yield { type: "usage", input: 100, output: 40 };
  yield { type: "stop", reason: "end" };
}

export function cast(players: readonly Model[]): Models {
  return {
    names: () => players.map(({ name }) => name),
    families: () => families,
    variables: () => ["OPENAI_API_KEY", "OLLAMA_BASE_URL"],
    pick(name = players[0]!.name) {
      const found = players.find((each) => each.name === name || each.name.split("/")[0] === name);
      if (found) return found;
      throw new BotError("usage", { en: `I know no model called "${name}".`, "zh-TW": `我不認識「${name}」。` });
    },
  };
}

interface Setting {
  hits?: readonly Hit[];
  answerable?: boolean;
  records?: Records;
}

export interface Chat {
  tools: Toolbox;
  /** Everything that any chat was made to show, in order. */
  shown: Post[];
  say(line: string, more?: Partial<Invocation>): Promise<Post>;
  /** Presses a button; returns what stands in the chat once the clock has looked again. */
  press(label: string, from: Post, more?: Partial<Invocation>): Promise<Post>;
  /** Runs a job as the queue would, with an attempt of one's own. */
  run(job: Invocation, attempt?: Partial<Attempt>): Promise<Post>;
  /** What the clock is to ask, in the order it was kept. */
  due: { invocation: Invocation; at: number }[];
  /** Lets the clock come to what is due by then, in milliseconds since 1970; returns what stands in the chat afterwards. */
  wait(until?: number): Promise<Post>;
  /** How often the knowledge base was searched. */
  searches(): number;
}

export function createChat(players: readonly Model[], { hits = [], answerable, records }: Setting = {}): Chat {
  const runtime = liveRuntime();
  let searches = 0;
  const base = createTestToolbox({ hits, ...(answerable !== undefined && { answerable }) });
  const tools: Toolbox = {
    ...base,
    commands,
    runtime,
    models: cast(players),
    records: records ?? openEmbeddedRecords(":memory:", () => Date.now()),
    knowledge: {
      ...base.knowledge,
      search: (...asked) => {
        searches++;
        return base.knowledge.search(...asked);
      },
    },
  };
  const shown: Post[] = [];
  const due: Chat["due"] = [];
  const adapter: Adapter = {
    // The asker sits at the machine, unless a test says otherwise.
    asked: () => true,
    inPlaceOf: (address) => address,
    start: async () => {},
    close: async () => {},
    open: () => ({
      pace: 0,
      show: async (post) => {
        shown.push(post);
        return null;
      },
    }),
  };
  const queue = {
    async add(invocation: Invocation, _lane?: Lane, at = 0) {
      if (due.every((each) => each.invocation.id !== invocation.id)) due.push({ invocation, at });
    },
  };
  const handle = createHandler(new Map([["test", adapter]]), tools, undefined, queue);
  const run: Chat["run"] = (job, attempt = {}) =>
    handle(job, {
      number: 1,
      isLast: true,
      isExhausted: false,
      signal: new AbortController().signal,
      receipt: undefined,
      isFirst: true,
      keep: async () => {},
      finishedPost: undefined,
      saveFinished: async () => {},
      ...attempt,
    });
  const wait: Chat["wait"] = async (until = Date.now() + 60_000) => {
    for (let i = due.findIndex(({ at }) => at <= until); i >= 0; i = due.findIndex(({ at }) => at <= until))
      await run(due.splice(i, 1)[0]!.invocation);
    return shown.findLast((post) => post.state !== "working" && !isBare(post))!;
  };
  return {
    tools,
    shown,
    run,
    due,
    wait,
    searches: () => searches,
    say: (line, more) => run(invocation(line, more)),
    async press(label, from, more) {
      const post = await run(pressed(actionOf(from, label), more));
      return post.state === "failed" ? post : wait();
    },
  };
}

export function actionOf(post: Post, label: string): Action {
  const action = post.actions.find((each) => each.label === label);
  if (action) return action;
  throw new Error(`no button ${label} among ${post.actions.map((each) => each.label).join(", ")}`);
}

export function pressed({ command, options }: Action, more: Partial<Invocation> = {}): Invocation {
  return invocation("", { command, input: { options }, ...more });
}

/** Someone else than the asker, and no admin. */
export function by(name: string): Partial<Invocation> {
  return { user: { id: name, name, isAdmin: false, isLocal: false } };
}

/** All that a person can read of a post. */
export function readable(post: Post): string {
  const sections = post.sections.flatMap(({ title, notes, tables }) => [
    title,
    ...notes,
    ...tables.flatMap(({ columns, rows }) => [columns, ...rows].flat()),
  ]);
  const actions = post.actions.map(({ label, options }) => `${label} ${JSON.stringify(options)}`);
  return [post.status, textOf(post), ...sections, ...actions, JSON.stringify(post.facts)].join("\n");
}

/** The letter under which a text stands. */
export function letterOf(post: Post, text: string): string {
  const section = post.sections.find((each) => each.text.includes(text));
  if (!section) throw new Error(`nothing says ${text}`);
  return section.title.slice(0, 1);
}
