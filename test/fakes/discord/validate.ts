// What Discord would refuse, held against every message that the adapter sends.

import type { FakeRow } from "./state.ts";

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

/** The first thing that is wrong with it, or undefined. */
export function problemWith(body: Body, files: number, isNew: boolean): string | undefined {
  const { content = "", components = [], allowed_mentions: mentions, nonce = "" } = body;
  const rows = components.flatMap((row) => row.components);
  const ids = rows.flatMap(({ custom_id }) => (custom_id ? [custom_id] : []));
  const problems: [boolean, string][] = [
    [content.length > 2000, "content: Must be 2000 or fewer in length."],
    [isNew && !content.trim() && files === 0, "Cannot send an empty message"],
    [components.length > 5, "components: at most 5 rows"],
    [components.some((row) => row.components.length > 5 || row.components.length === 0), "components: 1 to 5 in a row"],
    [new Set(ids).size !== ids.length, "components: custom_id is duplicated"],
    [ids.some((id) => id.length > 100), "custom_id: at most 100"],
    [rows.some(({ type, label = "" }) => type === 2 && (!label || label.length > 80)), "label: 1 to 80"],
    [
      rows.some(({ type, options = [] }) => type === 3 && (options.length < 1 || options.length > 25)),
      "options: 1 to 25",
    ],
    [nonce.length > 25, "nonce: at most 25"],
    [files > 10, "files: at most 10"],
    // Not a rule of Discord's: a rule of the house.
    [
      !mentions || mentions.parse?.length !== 0 || Boolean(mentions.users ?? mentions.roles),
      "allowed_mentions: nobody",
    ],
  ];
  return problems.find(([isWrong]) => isWrong)?.[1];
}
