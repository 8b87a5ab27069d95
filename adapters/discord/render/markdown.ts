// Turns Markdown into what Discord shows, so that it mentions nobody.

import { findTables, linesOf, withClosedBlocks } from "../../../src/core/markdown.ts";
import { renderTable } from "./table.ts";

const INVISIBLE = "\u200B";

/** Tables become lists, deep headings bold, pictures links; an open code block is closed. Code is left as it is. */
export function toDiscord(markdown: string): string {
  return findTables(calm(markdown))
    .map((stretch) => (stretch.type === "table" ? renderTable(stretch.table) : proseFor(stretch.markdown)))
    .join("\n\n");
}

function proseFor(markdown: string): string {
  const closed = withClosedBlocks(markdown.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd());
  return Array.from(linesOf(closed), ({ text, role }) => (role === "outside" ? plainLine(text) : text)).join("\n");
}

/** Pings nobody, whatever stands in it: the words stay readable, the markup is broken by a space of no width. */
export function calm(text: string): string {
  return text.replace(/@(?=everyone|here)/gi, `@${INVISIBLE}`).replace(/<(?=@|#\d|\/[^<>]*:\d)/g, `<${INVISIBLE}`);
}

/** An address that Discord turns into a link. */
const ADDRESS = /https?:\/\/(?=[^\s<>)])/gi;
const LABELLED = /\[([^[\]\n]{1,300})\]\(<?(https?:\/\/[^\s<>()]{1,2000})>?\)/gi;

export function hasLinks(text: string): boolean {
  return text.search(ADDRESS) >= 0;
}

/** Links as words that nobody can press: "label (example[.]com/path)". May be longer than before. */
export function withoutLinks(text: string): string {
  return text
    .replace(LABELLED, (_, label: string, url: string) => `${label} (${url})`)
    .replace(/https?:\/\/([^\s<>()/]*)/gi, (_, host: string) => host.replaceAll(".", "[.]"));
}

/** Text of a document or a person, to stand as it is: on one line, without markup of its own. */
export function literal(text: string): string {
  return calm(text)
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\*_~|`[\]#]/g, String.raw`\$&`)
    .replace(/^([->])/, String.raw`\$1`);
}

/** Small print: each line of it grey and small. */
export function smallPrint(text: string): string {
  return calm(text)
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => `-# ${line.trim()}`)
    .join("\n");
}

function plainLine(line: string): string {
  return line
    .replace(/^\s*#{4,6}\s+(.+?)\s*#*$/, "**$1**")
    .replace(
      /!\[([^\]]*)\]\((https?:\/\/[^\s)]+)[^)]*\)/g,
      (_, alt: string, url: string) => `[${alt || url}](<${url}>)`,
    );
}
