// The little of the DOM that reading a page needs, so that the rest does not depend on which parser made it.

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

export function isElement(node: PageNode): node is PageElement {
  return node.nodeType === ELEMENT;
}

export function isSilent(element: PageElement): boolean {
  return SILENT.has(element.tagName.toUpperCase());
}

/** Parses a page; linkedom is loaded at the first one. */
export async function parsePage(source: string): Promise<Page> {
  const { parseHTML } = await import("linkedom");
  const isWhole = /<html[\s>]/i.test(source);
  const parsed: { document: unknown } = parseHTML(
    isWhole ? source : `<!doctype html><html><body>${source}</body></html>`,
  );
  return parsed.document as Page;
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
