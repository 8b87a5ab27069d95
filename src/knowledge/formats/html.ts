// Web pages: the article without the menus around it, its headings, lists and tables kept readable.

import { oneLine } from "../../core/text.ts";
import { decodeText } from "./charset.ts";
import { defineFormat, NO_TITLE, noText, type Extra, type Reader } from "./define-format.ts";
import { isElement, parsePage, type Page, type PageElement } from "./prose.ts";
import { writeProse, type Prose } from "./prose.ts";

/** Where a page says its charset: the standard looks in the first 1024 bytes; hand-made pages put it later. */
const DECLARING = 4096;
const CHARSET = /<(?:meta[^>]+?charset|\?xml[^>]+?encoding)\s*=\s*["']?\s*([\w-]+)/i;
/** What is around an article. */
const AROUND =
  "nav, aside, footer, body > header, [role=navigation], [role=banner], [role=contentinfo], [role=search], [aria-hidden=true], [hidden], form select, input, iframe";
/** The share of a page's own words under which an "article" is taken for a mistake, as with pages of many tables. */
const TOO_LITTLE = 0.35;
/** Below this an article is not told from a menu by its length; in UTF-16 units. Chinese says much in few. */
const SHORTEST_ARTICLE = 140;
/** A page's beginning, after an XML declaration and comments. */
const OPENING = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<(?:!doctype\s+html|html)\b/i;
const FRAMED = {
  en: "It shows other pages in frames: open the frame by itself in the browser, and add its address.",
  "zh-TW": "內容在它的框架（frame）裡：請在瀏覽器單獨開啟那個框架，再加入它的網址。",
};
const FILLED_LATER = {
  en: "It may be filled by a program in the browser: save it from the browser as PDF.",
  "zh-TW": "內容可能是瀏覽器執行程式後才出現。請從瀏覽器把它存成 PDF 再加入。",
};
/** Readability takes many seconds for pages of more elements than this, and minutes for tags that nest deeper than people make them. */
const MOST_TO_JUDGE = 50_000;
const DEEPEST = 150;

export const html = defineFormat({
  name: "HTML",
  extensions: ["html", "htm", "xhtml"],
  mediaTypes: ["text/html", "application/xhtml+xml"],
  label: { en: "web pages (HTML)", "zh-TW": "網頁（HTML）" },
  signature: { opening: OPENING },
  async parse(bytes, reader) {
    const page = await parsePage(await decodeText(bytes, declaredCharset(bytes)));
    const isFramed = page.querySelector("frame, iframe") !== null;
    const title = await reader.extra(NO_TITLE, () => titleOf(page), undefined);
    const { text, headings } = await articleOf(page, title, reader);
    if (text === "" || (title && text === `# ${title}`))
      throw noText({ en: "in this page itself", "zh-TW": "這個網頁本身" }, isFramed ? FRAMED : FILLED_LATER);
    return { ...(title && { title }), text, headings, pages: [], warnings: [] };
  },
});

/** What a page says of its charset. */
export function declaredCharset(bytes: Uint8Array): string | undefined {
  return CHARSET.exec(new TextDecoder("latin1").decode(bytes.subarray(0, DECLARING)))?.[1];
}

/** What the page calls itself. A heading that the title begins with is the title without the site's name. */
function titleOf(page: Page): string | undefined {
  const title = oneLine(page.querySelector("title")?.textContent ?? "");
  const heading = oneLine(page.querySelector("h1")?.textContent ?? "");
  return (heading && title.includes(heading) ? heading : title || heading) || undefined;
}

const NO_ARTICLE: Extra = {
  name: "article",
  lost: {
    en: "The article could not be told from what is around it, so the whole page was read.",
    "zh-TW": "分不出網頁的主要文章，所以讀了整個頁面。",
  },
};

/** Readability's article; the page without what is around it where that finds too little. */
async function articleOf(page: Page, title: string | undefined, reader: Reader): Promise<Prose> {
  const elements = countElements(page);
  const whole = wholePage(page, title);
  const isManageable = elements <= MOST_TO_JUDGE && depthOf(page.body) <= DEEPEST;
  const article = isManageable ? await reader.extra(NO_ARTICLE, () => findArticle(page, title), undefined) : undefined;
  const share = (article?.text.length ?? 0) / Math.max(whole.text.length, 1);
  return article && share >= TOO_LITTLE && share <= 1 ? article : whole;
}

function wholePage(page: Page, title: string | undefined): Prose {
  for (const element of page.querySelectorAll("script, style, noscript, template")) element.remove();
  const copy = page.body.cloneNode(true);
  for (const element of copy.querySelectorAll(AROUND)) element.remove();
  return writeProse(copy, title);
}

/** Works on the page itself and leaves it in pieces. */
async function findArticle(page: Page, title: string | undefined): Promise<Prose | undefined> {
  const { Readability } = await import("@mozilla/readability");
  const found = new Readability<PageElement>(page, {
    charThreshold: SHORTEST_ARTICLE,
    serializer: (node) => node,
  }).parse();
  return found?.content && isElement(found.content) ? writeProse(found.content, title) : undefined;
}

/** How deep a page's elements nest, counted no further than needed. */
function depthOf(body: PageElement): number {
  let depth = 0;
  let level: PageElement[] = [body];
  while (level.length > 0 && depth <= DEEPEST) {
    level = level.flatMap(({ children }) => [...children]);
    depth += 1;
  }
  return depth;
}

function countElements(page: Page): number {
  return [...page.querySelectorAll("*")].length;
}
