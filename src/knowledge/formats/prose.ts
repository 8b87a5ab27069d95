// Writes the elements of a page as readable text in the manner of Markdown, and remembers where its headings stand.

import type { Reading } from "../../core/knowledge.ts";
import { checkLength } from "./define-format.ts";
import { inlineText, isElement, isSilent, type PageElement, type PageNode } from "./dom.ts";
import { renderTable } from "./table.ts";

/** A piece of text with the offsets of the headings in it. */
export type Prose = { text: string; headings: Reading["headings"] };

/** Pages made by machines nest without end; below this everything is one paragraph. */
const DEEPEST = 150;
const HEADING = /^H([1-6])$/;
const BLOCK =
  /^(ADDRESS|ARTICLE|ASIDE|BLOCKQUOTE|BODY|CENTER|DD|DETAILS|DIALOG|DIV|DL|DT|FIELDSET|FIGCAPTION|FIGURE|FOOTER|FORM|H[1-6]|HEADER|HGROUP|HR|HTML|LEGEND|LI|MAIN|MENU|NAV|OL|P|PRE|SECTION|SUMMARY|TABLE|TBODY|TD|TFOOT|TH|THEAD|TR|UL)$/;
const LIST = /^(UL|OL|MENU)$/;

/** `title` stands first, as the highest heading. Throws BotError "too-large" past the text's bound. */
export function writeProse(root: PageElement, title?: string): Prose {
  const blocks = blocksIn(root, 0);
  if (!title) return join(blocks, "\n\n");
  // Readability turns the title's h1 into an h2; it is put in front anew.
  const first = blocks.findIndex(({ headings }) => headings.length > 0);
  const isTitle = squeeze(blocks[first]?.headings[0]?.text ?? "") === squeeze(title);
  const rest = isTitle ? blocks.toSpliced(first, 1) : blocks;
  return join([heading(1, title), ...rest], "\n\n");
}

function squeeze(text: string): string {
  return text.replace(/\s/g, "");
}

/** The blocks in an element: what stands between two of them in one line is a block of its own. */
function blocksIn(parent: PageElement, depth: number): Prose[] {
  const blocks: Prose[] = [];
  let line: PageNode[] = [];
  const endLine = () => {
    blocks.push({ text: inlineText(line), headings: [] });
    line = [];
  };
  for (const node of parent.childNodes) {
    if (isElement(node) && !isSilent(node) && depth < DEEPEST && isBlock(node)) {
      endLine();
      for (const block of blocksOf(node, depth + 1)) blocks.push(block);
    } else line.push(node);
  }
  endLine();
  return blocks.filter(({ text }) => text !== "");
}

/** A link or a custom element may wrap whole blocks, and then it is one. */
function isBlock(element: PageElement): boolean {
  return BLOCK.test(element.tagName) || [...element.children].some(isBlock);
}

function blocksOf(element: PageElement, depth: number): Prose[] {
  const level = HEADING.exec(element.tagName)?.[1];
  if (level) return [heading(Number(level), inlineText([...element.childNodes]))];
  if (element.tagName === "PRE") return [code(element.textContent ?? "")];
  if (LIST.test(element.tagName)) return [list(element, depth)];
  const table = element.tagName === "TABLE" ? renderTable(element) : undefined;
  return table === undefined ? blocksIn(element, depth) : [{ text: table, headings: [] }];
}

function heading(level: number, words: string): Prose {
  const text = words.replaceAll("\n", " ");
  if (text === "") return { text, headings: [] };
  return { text: `${"#".repeat(level)} ${text}`, headings: [{ level, text, start: 0 }] };
}

function code(content: string): Prose {
  const lines = content.replace(/\r\n?/g, "\n").replace(/^\n+|\s+$/g, "");
  return { text: lines === "" ? "" : `\`\`\`\n${lines}\n\`\`\``, headings: [] };
}

function list(element: PageElement, depth: number): Prose {
  const first = Number(element.getAttribute("start")) || 1;
  const items = [...element.children].map((item, i) => {
    const blocks = item.tagName === "LI" ? blocksIn(item, depth) : blocksOf(item, depth);
    return hang(join(blocks, "\n"), element.tagName === "OL" ? `${first + i}. ` : "- ");
  });
  return join(items, "\n");
}

/** Puts a mark before an item, and its further lines under its first word. */
function hang({ text, headings }: Prose, mark: string): Prose {
  if (text === "") return { text, headings };
  const space = `\n${" ".repeat(mark.length)}`;
  const shifted = (start: number) => mark.length + text.slice(0, start).replaceAll("\n", space).length;
  return {
    text: mark + text.replaceAll("\n", space),
    headings: headings.map((one) => ({ ...one, start: shifted(one.start) })),
  };
}

function join(parts: readonly Prose[], between: string): Prose {
  const full = parts.filter(({ text }) => text !== "");
  let length = 0;
  const headings = full.flatMap((part) => {
    const at = length;
    length += part.text.length + between.length;
    return part.headings.map((one) => ({ ...one, start: at + one.start }));
  });
  checkLength(length);
  return { text: full.map(({ text }) => text).join(between), headings };
}
