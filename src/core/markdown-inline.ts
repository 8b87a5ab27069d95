// What stands inside one line of Markdown: where its code is, and its words without marks.

import type { Span } from "./sentences.ts";

/** Code with its ticks, as `codeSpans` of a text has it. */
export function spansInLine(line: string): Span[] {
  /** By their length, the last first. */
  const runs = Map.groupBy([...line.matchAll(/`+/g)].toReversed(), ([ticks]) => ticks.length);
  const spans: Span[] = [];
  const opening = /\\.|`+/gs;
  for (let found = opening.exec(line); found; found = opening.exec(line)) {
    const [ticks] = found;
    // Behind a backslash one tick is text, and what follows it may begin a span.
    if (!ticks.startsWith("`")) continue;
    const from = opening.lastIndex;
    const closers = runs.get(ticks.length) ?? [];
    while (closers.length > 0 && closers.at(-1)!.index < from) closers.pop();
    const closer = closers.at(-1);
    if (!closer) continue;
    opening.lastIndex = closer.index + ticks.length;
    spans.push({ start: found.index, end: opening.lastIndex });
  }
  return spans;
}

/** Marks with what stands between them. Marks further apart than this, in UTF-16 units, are text. */
const MARKED = new RegExp(
  [
    /(?<!`)(?<ticks>`+)(?!`)(?<code>[^\n]{1,300}?)(?<!`)\k<ticks>(?!`)/u,
    /!?\[(?<label>(?:[^[\]\n]|!?\[[^[\]\n]{0,200}\](?:\([^()\n]{0,500}\))?){0,300})\]\([^()\n]{0,2000}(?:\([^()\n]{0,500}\)[^()\n]{0,500})?\)/u,
    /(?<mark>\*\*\*|\*\*|~~)(?<strong>\S(?:[^\n]{0,300}?\S)?)\k<mark>/u,
    /(?<![\p{L}\p{N}_])(?<low>__?)(?<under>[^\s_](?:[^\n]{0,300}?[^\s_])?)\k<low>(?![\p{L}\p{N}_])/u,
    /(?<![\p{L}\p{N}*])\*(?<slanted>[^\s*](?:[^*\n]{0,500}[^\s*])?)\*(?!\*)/u,
    /(?<br><br\s{0,9}\/?>)/u,
    /\\(?<escaped>[\\`*_{}[\]()#+\-.!~>|])/u,
  ]
    .map(({ source }) => source)
    .join("|"),
  "giu",
);

/** The words of a cell, a label or a line without marks of emphasis, code and links, for places that show plain text. */
export function plainOf(markdown: string): string {
  return markdown.replace(MARKED, (...found: unknown[]) => {
    const { code, label, strong, under, slanted, br, escaped } = found.at(-1) as Record<string, string | undefined>;
    if (br !== undefined) return "\n";
    return code ?? escaped ?? plainOf(label ?? strong ?? under ?? slanted ?? "");
  });
}
