// Tells prose from what loses its sense when torn: fenced code and tables.

import type { Span } from "./sentences.ts";

export interface Block extends Span {
  kind: "prose" | "code" | "table";
}

const FENCE = /^\s{0,3}(`{3,}|~{3,})/;
const ROW = /^\s*\|.*\|\s*$|\t.*\t/;

/** Marks of code at a line's end, at its beginning, or in it: none of them is at home in a sentence of either language. */
const CODE =
  /[;{}[(]$|\w\([^)]*\)[;,)]*$|^\s*(?:const |let |var |def |await |async |export |function |import \w+$|\/\/|[}\])])|^\s*[\w.[\]]+\s*=\s|^\s*["']?\w+["']?:\s["'{[]|=>/;
/** An item of a list may end with a semicolon, too. */
const ITEM = /^\s*(?:[-*+•]|\d+[.)])\s/;
const OPENING = "```\n";

/** The blocks of a passage, of which the cut may have taken the fence that opens its code. */
export function blocksOfCut(text: string): Block[] {
  if (!beginsInCode(text)) return blocksIn(text, { start: 0, end: text.length });
  const fenced = OPENING + text;
  return blocksIn(fenced, { start: 0, end: fenced.length }).map(({ kind, start, end }) => ({
    kind,
    start: Math.max(0, start - OPENING.length),
    end: end - OPENING.length,
  }));
}

/** Whether most lines before the first fence are code. */
function beginsInCode(text: string): boolean {
  const lines = text.split("\n");
  const fence = lines.findIndex((line) => FENCE.test(line));
  const before = lines.slice(0, fence < 0 ? lines.length : fence).filter((line) => line.trim() !== "");
  return (
    before.length > 0 &&
    before.filter((line) => !ITEM.test(line) && CODE.test(line.trimEnd())).length * 2 > before.length
  );
}

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
