// What a Slack workspace holds for a test: people, channels, and every message as its readers would see it.

import type { Json } from "../../../src/core/runtime.ts";
import { wordOf } from "../word-of.ts";

export interface Shown {
  channel: string;
  ts: string;
  thread: string | undefined;
  text: string;
  blocks: readonly { [key: string]: Json }[];
  /** The one who sees it; undefined for everyone. */
  only: string | undefined;
  streaming: "no" | "open" | "closed";
  metadata: Json;
  /** Who wrote it: a person's id, or Heed's. */
  user: string;
  edits: number;
}

export interface Person {
  name: string;
  isAdmin?: boolean;
  locale?: string;
  team?: string;
}

export interface SlackState {
  team: string;
  botUser: string;
  people: Map<string, Person>;
  /** Channels that Heed is a member of; direct messages begin with D and need no membership. */
  joined: Set<string>;
  messages: Shown[];
  statuses: { channel: string; thread: string; status: string }[];
  prompts: { channel: string; prompts: Json }[];
  files: Map<string, { bytes: Uint8Array; type: string }>;
  uploads: {
    id: string;
    name: string;
    alt: string;
    length: number;
    bytes: Uint8Array;
    channel?: string;
    thread?: string;
  }[];
  tokens: Set<string>;
  /** The message that was pressed to get a response URL, by the URL's path. */
  origins: Map<string, string>;
  nextTs(): string;
}

export function createState(): SlackState {
  let clock = Date.now() * 1000;
  return {
    team: "T1",
    botUser: "UHEED",
    people: new Map([
      ["U1", { name: "Mei", locale: "zh-TW" }],
      ["U2", { name: "Ken", locale: "en-US" }],
      ["UADMIN", { name: "Lin", isAdmin: true, locale: "en-US" }],
    ]),
    joined: new Set(["C1"]),
    messages: [],
    statuses: [],
    prompts: [],
    files: new Map(),
    uploads: [],
    tokens: new Set(["xoxb-test"]),
    origins: new Map(),
    nextTs() {
      clock += 100;
      return `${String(clock).slice(0, 10)}.${String(clock).slice(10)}`;
    },
  };
}

/** Everything a reader would read in a message, blocks and all. */
export function readOf({ text, blocks }: Pick<Shown, "text" | "blocks">): string {
  const words = blocks.length > 0 ? wordsIn(blocks as Json) : [text];
  return words.join("\n");
}

function wordsIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(wordsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === "string" ? (key === "text" ? [inner] : []) : wordsIn(inner),
  );
}

export interface Button {
  label: string;
  value: string;
  actionId: string;
}

export function buttonsIn(value: Json): Button[] {
  if (Array.isArray(value)) return value.flatMap(buttonsIn);
  if (typeof value !== "object" || value === null) return [];
  const { value: press, text, action_id, options } = value;
  const label = (text as { text?: string } | undefined)?.text ?? "";
  if (value["type"] === "button") return [{ label, value: wordOf(press), actionId: wordOf(action_id) }];
  if (Array.isArray(options))
    return (options as { text: { text: string }; value: string }[]).map((option) => ({
      label: option.text.text,
      value: option.value,
      actionId: wordOf(action_id),
    }));
  return Object.values(value).flatMap(buttonsIn);
}
