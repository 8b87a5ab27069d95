// Tells prose from what loses its sense when torn: fenced code and tables.

import type { Span } from "./sentences.ts";

export interface Block extends Span {
  kind: "prose" | "code" | "table";
}

const FENCE = /^\s{0,3}(`{3,}|~{3,})/;
const ROW = /^\s*\|.*\|\s*$|\t.*\t/;

/** Blocks that lie end to end over `within`. A fence that never closes runs to the end. */
export function blocksIn(text: string, within: Span): Block[] {
  const blocks: Block[] = [];
  let fence: string | undefined;
  for (let from = within.start; from < within.end;) {
    const stop = text.indexOf("\n", from);
    const end = stop < 0 || stop >= within.end ? within.end : stop + 1;
    const line = text.slice(from, end).trimEnd();
    const mark: string | undefined = FENCE.exec(line)?.[1];
    const kind = fence !== undefined || mark !== undefined ? "code" : ROW.test(line) ? "table" : "prose";
    const opens = fence === undefined && mark !== undefined;
    const last = blocks.at(-1);
    if (last?.kind === kind && !opens) last.end = end;
    else blocks.push({ kind, start: from, end });
    if (opens) fence = mark;
    else if (fence !== undefined && mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
    from = end;
  }
  return blocks;
}
