// XML of any kind: what its elements say, without the tags. Elements that belong together are one line, as a row of a table is.

import { oneLine } from "../../core/text.ts";
import { decodeText } from "./charset.ts";
import { checkLength, defineFormat, noText, type Extra } from "./define-format.ts";
import { declaredCharset } from "./html.ts";
import { readXml } from "./package.ts";

const OPENING = /^\s*<\?xml\b/;
/** Below this an element's words are its ancestor's: people nest no deeper, and each level copies the words of those inside. */
const DEEPEST = 60;
/** Elements whose words together are longer stand on lines of their own; in UTF-16 units. */
const LONGEST_RECORD = 400;
/** A name of one letter is markup ("p"), not the name of a value. */
const SHORTEST_NAME = 2;
/** Feeds put pages into their elements as text. */
const TAGS = /<\/?[A-Za-z][^<>]{0,500}>/g;

const NO_ELEMENTS: Extra = {
  name: "elements",
  lost: {
    en: "Its elements could not be told apart, so it was read with its tags.",
    "zh-TW": "分不出 XML 的元素，所以連同標籤一起讀取。",
  },
};

export const xml = defineFormat({
  name: "XML",
  extensions: ["xml", "rss", "atom"],
  mediaTypes: ["application/xml", "text/xml", "application/rss+xml", "application/atom+xml"],
  signature: { opening: OPENING },
  async parse(bytes, { extra, signal }) {
    const source = await decodeText(bytes, declaredCharset(bytes));
    const text = await extra(NO_ELEMENTS, () => wordsOf(source, signal), source);
    if (text === "") throw noText({ en: "in the elements of this file", "zh-TW": "這個檔案的元素裡" });
    return { text, headings: [], pages: [], warnings: [] };
  },
});

async function wordsOf(source: string, signal: AbortSignal): Promise<string> {
  const reader = new ElementReader();
  await readXml(source, reader, signal);
  const text = reader.lines().join("\n");
  checkLength(text.length);
  return text;
}

/** An open element: its own words and the closed elements inside, in their order. */
interface Element {
  name: string;
  pieces: (string | Closed)[];
}

/** `isLeaf`: it holds words and no element. */
interface Closed {
  name: string;
  lines: readonly string[];
  isLeaf: boolean;
}

class ElementReader {
  readonly #root: Element = { name: "", pieces: [] };
  readonly #open: Element[] = [this.#root];
  /** How many elements are open below the deepest that is kept apart. */
  #below = 0;

  readonly open = (name: string, attributes: Readonly<Record<string, string>>): void => {
    if (this.#open.length > DEEPEST) {
      this.#below += 1;
      return;
    }
    this.#open.push({ name, pieces: [] });
    this.#attributes = attributes;
  };

  readonly text = (text: string): void => {
    this.#open.at(-1)!.pieces.push(text);
  };

  readonly close = (): void => {
    if (this.#below > 0) {
      this.#below -= 1;
      return;
    }
    const element = this.#open.length > 1 ? this.#open.pop() : undefined;
    if (!element) return;
    const closed = element.pieces.length === 0 ? fromAttributes(element.name, this.#attributes) : closedOf(element);
    if (closed.lines.length > 0) this.#open.at(-1)!.pieces.push(closed);
    this.#attributes = {};
  };

  /** Of the element that was opened last. */
  #attributes: Readonly<Record<string, string>> = {};

  lines(): readonly string[] {
    while (this.#open.length > 1) this.close();
    return closedOf(this.#root).lines;
  }
}

/** An element that says all in its attributes is a record of them. */
function fromAttributes(name: string, attributes: Readonly<Record<string, string>>): Closed {
  const values = Object.entries(attributes).filter(([key, value]) => !/^xmlns\b|:/.test(key) && value.trim() !== "");
  const line = values.map(([key, value]) => `${key}: ${oneLine(value)}`).join(" · ");
  return { name, lines: line === "" ? [] : [line], isLeaf: false };
}

/** Words between elements make one paragraph of all; elements alone are a record, or lines. */
function closedOf({ name, pieces }: Element): Closed {
  const inside = pieces.filter((piece) => typeof piece !== "string");
  const isProse = pieces.some((piece) => typeof piece === "string" && piece.trim() !== "");
  if (isProse) {
    const words = pieces.map((piece) => (typeof piece === "string" ? piece.replace(TAGS, " ") : piece.lines.join(" ")));
    const line = oneLine(words.join(""));
    return { name, lines: line === "" ? [] : [line], isLeaf: inside.length === 0 };
  }
  const record = recordOf(inside);
  return { name, lines: record === undefined ? inside.flatMap(({ lines }) => lines) : [record], isLeaf: false };
}

/** "Item: screen · Price: 8900", where each element inside holds words alone and is named once. */
function recordOf(inside: readonly Closed[]): string | undefined {
  const names = new Set(inside.map(({ name }) => name));
  if (inside.length < 2 || names.size < inside.length || !inside.every(({ isLeaf }) => isLeaf)) return undefined;
  const values = inside.map(({ name, lines }) => `${name.length < SHORTEST_NAME ? "" : `${name}: `}${lines.join(" ")}`);
  const record = values.join(" · ");
  return record.length > LONGEST_RECORD ? undefined : record;
}
