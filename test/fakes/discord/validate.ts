// What Discord would refuse of a message, held against every one that the adapter sends.

import type { FakeComponent, FakeRow } from "./state.ts";

export interface Body {
  content?: string;
  components?: FakeRow[];
  attachments?: { id: number | string; filename?: string; description?: string }[];
  flags?: number;
  nonce?: string;
  enforce_nonce?: boolean;
  allowed_mentions?: { parse?: string[]; users?: string[]; roles?: string[]; replied_user?: boolean };
  message_reference?: { message_id: string; fail_if_not_exists?: boolean };
}

/** What is wrong, and whether it is. */
export type Rule = readonly [isBroken: boolean, problem: string];

export function firstProblem(rules: readonly Rule[]): string | undefined {
  return rules.find(([isBroken]) => isBroken)?.[1];
}

/** By whom, and whether for the first time: a bot cannot whisper, and an edit can change one flag only. */
export type Way = "bot-post" | "token-post" | "bot-edit" | "token-edit";

const SUPPRESS_EMBEDS = 4;
const EPHEMERAL = 64;

/** The first thing that is wrong with a message, or undefined. `files` are the names of those that came along. */
export function problemWith(body: Body, files: readonly string[], way: Way): string | undefined {
  const { content = "", components = [], allowed_mentions: mentions, nonce = "", flags = 0, attachments = [] } = body;
  const isNew = way.endsWith("post");
  const allowed = way === "token-post" ? SUPPRESS_EMBEDS | EPHEMERAL : SUPPRESS_EMBEDS;
  return firstProblem([
    [content.length > 2000, "content: Must be 2000 or fewer in length."],
    [!content.isWellFormed(), "content: half a character"],
    [isNew && !content.trim() && files.length === 0, "Cannot send an empty message"],
    [(flags & ~allowed) !== 0, "flags: not in this way"],
    [typeof nonce !== "string" || nonce.length > 25, "nonce: at most 25"],
    [files.length > 10, "files: at most 10"],
    [attachments.some(({ description = "" }) => description.length > 1024), "attachments: description at most 1024"],
    [attachments.some(({ id }) => typeof id === "number" && files[id] === undefined), "attachments: no such file"],
    ...rulesForRows(components),
    // Not a rule of Discord's: a rule of the house.
    [
      !mentions || mentions.parse?.length !== 0 || Boolean(mentions.users ?? mentions.roles),
      "allowed_mentions: nobody",
    ],
  ]);
}

function rulesForRows(rows: readonly FakeRow[]): Rule[] {
  const all = rows.flatMap((row) => row.components);
  const ids = all.flatMap(({ custom_id }) => (custom_id ? [custom_id] : []));
  return [
    [rows.length > 5, "components: at most 5 rows"],
    [rows.some(({ components }) => components.length > 5 || components.length === 0), "components: 1 to 5 in a row"],
    [rows.some(({ components }) => components.length > 1 && components.some(isSelect)), "components: a select alone"],
    [new Set(ids).size !== ids.length, "components: custom_id is duplicated"],
    [ids.some((id) => id.length > 100), "custom_id: at most 100"],
    ...all.flatMap(rulesForComponent),
  ];
}

function rulesForComponent(component: FakeComponent): Rule[] {
  const { type, label = "", custom_id, style = 0, placeholder = "" } = component;
  if (isSelect(component))
    return [[placeholder.length > 150, "placeholder: at most 150"], ...rulesForOptions(component)];
  return [
    [type !== 2, "components: an unknown type"],
    [!custom_id || style < 1 || style > 4, "button: a style and a custom_id"],
    [label.length < 1 || label.length > 80 || !label.isWellFormed(), "label: 1 to 80"],
  ];
}

export function rulesForOptions({ options = [] }: FakeComponent): Rule[] {
  const values = options.map(({ value }) => value);
  const isWrong = (text: string) => text.length < 1 || text.length > 100 || !text.isWellFormed();
  return [
    [options.length < 1 || options.length > 25, "options: 1 to 25"],
    [new Set(values).size !== values.length, "options: value is duplicated"],
    [options.some(({ label, value }) => isWrong(label) || isWrong(value)), "options: 1 to 100 characters"],
  ];
}

function isSelect({ type }: FakeComponent): boolean {
  return type === 3;
}
