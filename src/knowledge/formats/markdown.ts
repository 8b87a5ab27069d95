// Markdown is shown as it was written, so its text is the file itself; only front matter is taken off.

import type { Reading } from "../../core/knowledge.ts";
import { decodeText } from "./charset.ts";
import { defineFormat, NO_TITLE, type Extra } from "./define-format.ts";

type Heading = Reading["headings"][number];

const FRONT_MATTER = /^(---|\+\+\+)[ \t]*\n([\s\S]*?)\n\1[ \t]*(?:\n+|$)/;
const TITLE = /^title\s*[:=]\s*(.+)$/m;
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const ATX = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;
/** A longer line is no heading; what tells one takes time that grows with the square of its length. In UTF-16 units. */
const LONGEST_LINE = 1_000;
/** A line that an underline does not turn into a heading: blank, or the beginning of another block. */
const NO_HEADING = /^(?:\s*$| {4}|\t| {0,3}(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]|\|))/;

const NO_HEADINGS: Extra = {
  name: "headings",
  lost: {
    en: "Its headings could not be told apart, so its passages stand under none.",
    "zh-TW": "分不出文件的標題，段落因此沒有所屬的章節。",
  },
};

export const markdown = defineFormat({
  name: "Markdown",
  extensions: ["md", "markdown", "mdown", "mkd", "mdx"],
  mediaTypes: ["text/markdown", "text/x-markdown", "application/markdown"],
  async parse(bytes, { extra }) {
    const written = await decodeText(bytes);
    const front = FRONT_MATTER.exec(written);
    const text = front ? written.slice(front[0].length) : written;
    const headings = await extra(NO_HEADINGS, () => headingsOf(text), []);
    const named = await extra(NO_TITLE, () => titleIn(front?.[2]), undefined);
    const title = named ?? headings.find(({ level }) => level === 1)?.text;
    return { ...(title && { title }), text, headings, pages: [], warnings: [] };
  },
});

function titleIn(front: string | undefined): string | undefined {
  const title = TITLE.exec(front ?? "")?.[1]?.trim();
  return title?.replace(/^(["'])(.*)\1$/, "$2").trim() || undefined;
}

/** Headings with the offset of the line that each stands on. Fenced code holds none: its "#" are comments. */
export function headingsOf(text: string): Heading[] {
  const headings: Heading[] = [];
  let fence: string | undefined;
  let previous = { line: "", start: 0 };
  let start = 0;
  for (const line of text.split("\n")) {
    const wasCode = fence !== undefined;
    fence = fenceAfter(line, fence);
    const isCode = wasCode || fence !== undefined;
    const heading = isCode ? undefined : headingAt(line, start, previous);
    if (heading) headings.push(heading);
    previous = { line: isCode || heading ? "" : line, start };
    start += line.length + 1;
  }
  return headings;
}

/** The fence that is open after a line. A fence closes with at least as many of its own marks, and nothing after them. */
function fenceAfter(line: string, open: string | undefined): string | undefined {
  const [, marks, rest] = FENCE.exec(line) ?? [];
  if (!marks) return open;
  if (open === undefined) return marks.startsWith("`") && rest?.includes("`") ? undefined : marks;
  return marks.startsWith(open) && rest?.trim() === "" ? undefined : open;
}

function headingAt(line: string, start: number, above: { line: string; start: number }): Heading | undefined {
  if (line.length > LONGEST_LINE) return undefined;
  const atx = ATX.exec(line);
  if (atx) return named(atx[1]!.length, atx[2] ?? "", start);
  const underline = UNDERLINE.exec(line);
  if (!underline || above.line.length > LONGEST_LINE || NO_HEADING.test(above.line)) return undefined;
  return named(underline[1]!.startsWith("=") ? 1 : 2, above.line, above.start);
}

function named(level: number, marked: string, start: number): Heading | undefined {
  const text = plain(marked);
  return text === "" ? undefined : { level, text, start };
}

/** A heading's words without the marks of emphasis, code and links. */
function plain(marked: string): string {
  return marked
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/`([^`]*)`/g, "$1")
    .replace(/(\*{1,3}|~~)(?=\S)(.+?)(?<=\S)\1/g, "$2")
    .replace(/[ \t]*\{#[^}]*\}$/, "")
    .trim();
}
