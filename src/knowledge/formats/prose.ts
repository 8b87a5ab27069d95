// A page as readable text in the manner of Markdown: the little of the DOM that this needs, its blocks, headings, lists and tables.

import type { Reading } from "../../core/knowledge.ts";
import { checkLength, refusal } from "./define-format.ts";

export interface PageNode {
  readonly nodeType: number;
  readonly textContent: string | null;
}

export interface PageElement extends PageNode {
  readonly tagName: string;
  readonly childNodes: Iterable<PageNode>;
  readonly children: Iterable<PageElement>;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  remove(): void;
  cloneNode(deep: boolean): PageElement;
}

export interface Page {
  readonly title: string;
  readonly documentElement: PageElement | null;
  readonly body: PageElement;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

const ELEMENT = 1;
const TEXT = 3;
/** Elements whose text is not for reading: `rt` repeats a character's sound, `annotation` a formula's source. */
const SILENT = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "SVG", "RT", "RP", "ANNOTATION", "BUTTON"]);
const HAN = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\u3000-\\u303f\\uff00-\\uffef";
/** Where the source broke a line between two characters that are written without spaces. */
const BROKEN_HAN = new RegExp(`(?<=[${HAN}])[ \\t]*\\n\\s*(?=[${HAN}])`, "gu");

/** A page written as XML says so at its beginning; how much of it is looked at, in UTF-16 units. */
const IN_XML = /<\?xml|xmlns\s*=\s*["']http:\/\/www\.w3\.org\/1999\/xhtml/;
const BEGINNING = 2_000;
/** In XML `<title/>` is an empty title; a reader of HTML takes the rest of the page for it. */
const CLOSED_AT_ONCE = /<([A-Za-z][\w:.-]*)(\s[^<>]*)?\/>/g;
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;

function closeApart(whole: string, name: string, attributes = ""): string {
  return VOID.test(name) ? whole : `<${name}${attributes}></${name}>`;
}

export function isElement(node: PageNode): node is PageElement {
  return node.nodeType === ELEMENT;
}

export function isSilent(element: PageElement): boolean {
  return SILENT.has(element.tagName.toUpperCase());
}

/** More are no page for people. */
const MOST_ELEMENTS = 200_000;
/** Old pages leave thousands of tags open; each level costs the parser as much as all above it. */
const DEEPEST_PARSED = 5_000;

/** Parses a page; linkedom is loaded at the first one. Throws BotError "too-large" past the bounds, before anything is built. */
export async function parsePage(source: string): Promise<Page> {
  await checkElements(source);
  const { parseHTML } = await import("linkedom");
  const isWhole = /<html[\s>]/i.test(source);
  const tags = IN_XML.test(source.slice(0, BEGINNING)) ? source.replace(CLOSED_AT_ONCE, closeApart) : source;
  const parsed: { document: unknown } = parseHTML(isWhole ? tags : `<!doctype html><html><body>${tags}</body></html>`);
  return parsed.document as Page;
}

async function checkElements(source: string): Promise<void> {
  const { Parser } = await import("htmlparser2");
  let [elements, depth] = [0, 0];
  const parser = new Parser({
    onopentagname() {
      elements += 1;
      depth += 1;
      if (elements > MOST_ELEMENTS) throw tooManyElements();
      if (depth > DEEPEST_PARSED) throw tooDeep();
    },
    onclosetag() {
      depth -= 1;
    },
  });
  parser.end(source);
}

function tooManyElements() {
  return refusal(
    `This page has more than ${MOST_ELEMENTS} elements. Save the part that you need as its own page or as text.`,
    `這個網頁的元素超過 ${MOST_ELEMENTS} 個。請把需要的部分另存成網頁或純文字。`,
    { code: "too-large" },
  );
}

function tooDeep() {
  return refusal(
    `The elements of this page nest more than ${DEEPEST_PARSED} deep. Save the part that you need as its own page or as text.`,
    `這個網頁的元素巢狀超過 ${DEEPEST_PARSED} 層。請把需要的部分另存成網頁或純文字。`,
    { code: "too-large" },
  );
}

/** The words of nodes that stand in one line: white space collapsed, "\n" only where the page says `<br>`. */
export function inlineText(nodes: readonly PageNode[]): string {
  return nodes
    .map(wordsOf)
    .join("")
    .replace(BROKEN_HAN, "")
    .replace(/[ \t\n\r\f]+/g, " ")
    .replace(/ ?\u2028 ?/g, "\n")
    .trim();
}

/** A line separator stands for `<br>` until white space is collapsed. */
function wordsOf(node: PageNode): string {
  if (node.nodeType === TEXT) return (node.textContent ?? "").replaceAll("\u2028", " ").replaceAll("\u00a0", " ");
  if (!isElement(node) || isSilent(node)) return "";
  if (node.tagName === "BR") return "\u2028";
  if (node.tagName === "IMG") return node.getAttribute("alt") ?? "";
  return [...node.childNodes].map(wordsOf).join("");
}

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
  if (!title) return joinProse(blocks, "\n\n");
  // Readability turns the title's h1 into an h2; it is put in front anew.
  const first = blocks.findIndex(({ headings }) => headings.length > 0);
  const isTitle = squeeze(blocks[first]?.headings[0]?.text ?? "") === squeeze(title);
  const rest = isTitle ? blocks.toSpliced(first, 1) : blocks;
  return joinProse([titled(1, title), ...rest], "\n\n");
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
  if (level) return [titled(Number(level), inlineText([...element.childNodes]))];
  if (element.tagName === "PRE") return [code(element.textContent ?? "")];
  if (LIST.test(element.tagName)) return [list(element, depth)];
  const table = element.tagName === "TABLE" ? renderTable(element) : undefined;
  return table === undefined ? blocksIn(element, depth) : [{ text: table, headings: [] }];
}

/** A heading as a block of its own; empty where it has no words. `level` 1 is the highest. */
export function titled(level: number, words: string): Prose {
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
    return hang(joinProse(blocks, "\n"), element.tagName === "OL" ? `${first + i}. ` : "- ");
  });
  return joinProse(items, "\n");
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

/** One text of several, with the headings where they then stand. Throws BotError "too-large" past the text's bound. */
export function joinProse(parts: readonly Prose[], between: string): Prose {
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

const MOST_COLUMNS = 100;

/** Undefined for a table that is no table but a way to lay out a page: it holds tables or headings, or has one column. */
export function renderTable(table: PageElement): string | undefined {
  if (table.querySelector("table, h1, h2, h3, pre")) return undefined;
  const rows = [...table.querySelectorAll("tr")].map(cellsOf).filter((row) => row.some((cell) => cell !== ""));
  const columns = Math.max(0, ...rows.map((row) => row.length));
  if (columns < 2) return undefined;
  const lines = rows.map((row) => writeRow([...row, ...Array<string>(columns - row.length).fill("")]));
  const rule = writeRow(Array<string>(columns).fill("---"));
  const caption = inlineText([...(table.querySelector("caption")?.childNodes ?? [])]);
  return [...(caption ? [caption, ""] : []), lines[0], rule, ...lines.slice(1)].join("\n");
}

/** A cell that spans columns keeps the ones after it under their headings. */
function cellsOf(row: PageElement): string[] {
  const cells = [...row.children].filter(({ tagName }) => tagName === "TD" || tagName === "TH");
  return cells
    .flatMap((cell) => {
      const span = Math.min(Number(cell.getAttribute("colspan")) || 1, MOST_COLUMNS);
      return [inlineText(partsOf(cell)), ...Array<string>(Math.max(span - 1, 0)).fill("")];
    })
    .slice(0, MOST_COLUMNS);
}

/** Paragraphs in a cell are kept apart by a space. */
function partsOf(cell: PageElement) {
  const space = { nodeType: 3, textContent: " " };
  return [...cell.childNodes].flatMap((node) => [node, ...(/^(P|DIV|LI|UL|OL)$/.test(tagOf(node)) ? [space] : [])]);
}

function tagOf(node: object): string {
  return "tagName" in node ? String(node.tagName) : "";
}

function writeRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("\n", " ").replaceAll("|", "\\|")).join(" | ")} |`;
}
