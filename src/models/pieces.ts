// Exports what vendors' fields hold, whatever their servers put there: a text or a list of parts, a count or none.

import type { StreamEvent } from "./vendor.ts";

/** The text of a delta or message, and a sign of life for each part that is none. `null` says nothing. */
export function* piecesOf(content: unknown): Generator<StreamEvent> {
  const parts: readonly unknown[] = typeof content === "string" ? [{ type: "text", text: content }] : partsOf(content);
  for (const part of parts) {
    const { type, text } = (part ?? {}) as { type?: unknown; text?: unknown };
    if (type !== "text" && type !== "output_text") yield { type: "thinking" };
    else if (typeof text === "string" && text) yield { type: "text", text };
  }
}

/** A count of tokens; 0 where a server sent anything else. */
export function tokens(count: unknown): number {
  return typeof count === "number" && count > 0 && Number.isFinite(count) ? count : 0;
}

function partsOf(content: unknown): readonly unknown[] {
  return Array.isArray(content) ? content : [];
}
