// Renders a message's words without blocks, for where Slack refuses or cannot show them.

import type { Json } from "../../../src/core/runtime.ts";
import { escapeText } from "./mrkdwn.ts";
import type { Block } from "./blocks.ts";

/** In mrkdwn. What can only be pressed is left out. */
export function wordsOf(blocks: readonly Block[]): string {
  return blocks.map(wordsIn).filter(Boolean).join("\n\n");
}

function wordsIn({ type, text, elements, rows }: Block): string {
  if (type === "section" || type === "header") return textOf(text);
  if (type === "context") return listOf(elements).map(textOf).filter(Boolean).join("\n");
  if (type !== "table") return "";
  return listOf(rows)
    .map((row) => listOf(row).map(textOf).join(" | "))
    .join("\n");
}

/** Only mrkdwn is escaped already. */
function textOf(value: Json | undefined): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
  const { type, text } = value;
  if (typeof text !== "string") return "";
  return type === "mrkdwn" ? text : escapeText(text);
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
