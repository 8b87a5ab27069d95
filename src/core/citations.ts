// Citation marks: which brackets of an answer cite a passage ([1], [2, 3], 【4】), and a text without them. Every other bracket is text.

import { codeIn, linesOf } from "./markdown.ts";
import type { Span } from "./sentences.ts";
import { truncate } from "./text.ts";

/** A citation in a text. Offsets are UTF-16 units; the span holds the blank that goes with the bracket, so that it can be cut out. */
export interface Mark {
  start: number;
  end: number;
  /** The passages it cites, counted from 1, rising. */
  numbers: readonly number[];
  /** Whether it stands at the head of a line, before what it belongs to; elsewhere it stands behind it. */
  leads: boolean;
}

type Passages = readonly { text: string }[];

interface Bracket extends Span {
  numbers: readonly number[];
  /** Two or more numbers written as a vector or an interval is, too. */
  isList: boolean;
}

/** UTF-16 units of a text that are looked at: the rest is text. */
const LONGEST_TEXT = 100_000;
const MOST_BRACKETS = 2000;
/** UTF-16 units around a bracket that tell what it is. */
const NEAR = 48;

const NUMBER = String.raw`[0-9０-９]{1,3}`;
const NAMED = String.raw`(?:(?:sources?|passages?|documents?|來源|出處|段落|文件)[ :：]?)?`;
const INSIDE = String.raw`${NAMED} ?(${NUMBER}(?: ?[,，、;；] ?${NUMBER}){0,15}) ?`;
const BRACKET = new RegExp(String.raw`\[${INSIDE}\]|［${INSIDE}］|【${INSIDE}】`, "giu");
/** Numbers in a row that no answer could cite: signs, fractions, zero, a falling order, or more than there are passages. */
const NUMBERS = /\[ ?([-+−]?\d+(?:\.\d+)?(?: ?, ?[-+−]?\d+(?:\.\d+)?)+) ?\]/g;

/**
 * The citations of an answer that was written from `passages`, in reading order.
 *
 * A bracket cites where every number in it is a passage, and where it stands behind a word, a clause or a sentence, or at
 * the head of a line. It is text inside code and formulas, in links and footnote definitions, as an index (`a[1]`), next to
 * an operator, after what a value follows ("becomes", 得到), and where the words before it are another passage's, which
 * then brought its own bracket along. A list such as [1, 2] may be a vector: it cites only at the end of a clause, with
 * rising numbers, in a text that shows no other row of numbers in brackets.
 */
export function marksIn(text: string, passages: Passages): readonly Mark[] {
  if (passages.length === 0 || !/[[［【]/.test(text)) return [];
  const read = truncate(text, LONGEST_TEXT);
  const groups = groupsOf(bracketsIn(read), read);
  const indexed = indexedNames(read, passages.length);
  const isVector = ({ isList, before, after }: Group) =>
    isList && (isBound(before, after, indexed) || isValue(before) || isOpen(before));
  const context: Context = {
    text: read,
    count: passages.length,
    copies: copiesOf(passages),
    hasVectors: hasVectors(read, passages.length) || groups.some(isVector),
    indexed,
  };
  return groups.flatMap((group) => marksOf(group, context));
}

/** The passages that a text cites, each once, in rising order. */
export function citedBy(marks: readonly Mark[]): readonly number[] {
  return [...new Set(marks.flatMap(({ numbers }) => numbers))].toSorted((a, b) => a - b);
}

/** The text as if it cited nothing. `marks` are of this text, in reading order. */
export function withoutMarks(text: string, marks: readonly Mark[]): string {
  return marks.toReversed().reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
}

/** Whether a text is empty, or is citations and nothing that they would prove. */
export function saysNothing(text: string, marks: readonly Mark[]): boolean {
  const rest = withoutMarks(text, marks);
  return rest.trim() === "" || (marks.length > 0 && !/[\p{L}\p{N}\p{S}]/u.test(rest));
}

/** What stands behind a quoted text as its citation. Behind a table's row or a block of code it would become part of it. */
export function markAfter(quoted: string, number: number): string {
  const last = [...linesOf(quoted)].at(-1)!;
  return last.role !== "outside" || last.text.startsWith("> |") ? `\n>\n> [${number}]` : ` [${number}]`;
}

/** Numbers that stand where a citation would, one in a bracket, and name no passage; none that a passage itself writes. */
export function unknownNumbers(text: string, passages: Passages): readonly number[] {
  const most = Array.from({ length: 999 }, (_, i) => passages[i] ?? { text: "" });
  const own = passages.map(({ text }) => text).join("\n");
  const numbers = citedBy(marksIn(text, most).filter(({ numbers }) => numbers.length === 1));
  return numbers.filter((number) => number > passages.length && !own.includes(`[${number}]`));
}

interface Context {
  text: string;
  count: number;
  copies: (words: string) => readonly number[];
  hasVectors: boolean;
  indexed: ReadonlySet<string>;
}

function bracketsIn(text: string): readonly Bracket[] {
  const isOpaque = new Uint8Array(text.length);
  for (const { start, end } of opaqueSpans(text)) isOpaque.fill(1, start, end);
  const found = [...text.matchAll(BRACKET)].filter(({ index }) => !isOpaque[index]);
  return found.slice(0, MOST_BRACKETS).map(({ index, 0: whole, 1: plain, 2: wide, 3: black }) => {
    const list = plain ?? wide ?? black ?? "";
    const numbers = list
      .normalize("NFKC")
      .split(/[,、;]/)
      .map(Number);
    const isNamed = /\p{L}/u.test(whole);
    const isList = numbers.length > 1 && plain !== undefined && !isNamed && !list.includes("、");
    return { start: index, end: index + whole.length, numbers, isList };
  });
}

/** Brackets of one kind with nothing or a comma between them share one fate: x[1][2] is no citation of 2. */
interface Group {
  brackets: readonly Bracket[];
  isList: boolean;
  /** The rest of the line before it, and behind it and all brackets that follow at once. */
  before: string;
  after: string;
}

const JOINED = /^(?:[ \t]{0,8}[,，、][ \t]{0,8})?$/;
const NEXT = /^[ \t]{0,8}(?:[,，、][ \t]{0,8})?$/;

function groupsOf(brackets: readonly Bracket[], text: string): readonly Group[] {
  const groups: Bracket[][] = [];
  const between = (before: Bracket, bracket: Bracket) => text.slice(before.end, bracket.start);
  for (const bracket of brackets) {
    const before = groups.at(-1)?.at(-1);
    if (before?.isList === bracket.isList && JOINED.test(between(before, bracket))) groups.at(-1)!.push(bracket);
    else groups.push([bracket]);
  }
  const found: Group[] = [];
  for (const [i, group] of [...groups.entries()].toReversed()) {
    const [first, last] = [group[0]!, group.at(-1)!];
    const next = groups[i + 1]?.[0];
    const after = next && NEXT.test(between(last, next)) ? found[0]!.after : lineAfter(text, last.end);
    found.unshift({ brackets: group, isList: first.isList, before: lineBefore(text, first.start), after });
  }
  return found;
}

function marksOf({ brackets, isList, before, after }: Group, context: Context): readonly Mark[] {
  if (brackets.some(({ numbers }) => numbers.includes(0))) return [];
  const leads = LINE_HEAD.test(before) && /[\p{L}\p{N}]/u.test(after);
  if (isBound(before, after, context.indexed) || (leads ? /^[:：]/.test(after) : isValue(before))) return [];
  if (isList && (leads || context.hasVectors || !endsClause(before, after))) return [];
  return brackets
    .filter(({ numbers }) => numbers.every((number) => number <= context.count))
    .filter((bracket) => !isCopied(bracket, context))
    .map((bracket) => ({ ...withBlank(bracket, context.text, leads), numbers: rising(bracket.numbers), leads }));
}

/** Whether it is a part of what stands right beside it. */
function isBound(before: string, after: string, indexed: ReadonlySet<string>): boolean {
  return isPartOfWord(before, after, indexed) || isOperand(before, after);
}

/** What stands before on the line, or the last of it. */
function lineBefore(text: string, at: number): string {
  const near = text.slice(Math.max(0, at - NEAR), at);
  return near.slice(near.lastIndexOf("\n") + 1);
}

function lineAfter(text: string, at: number): string {
  return text.slice(at, at + NEAR).split("\n", 1)[0]!;
}

/** Quote marks, list marks and opening emphasis, and nothing else. */
const LINE_HEAD = /^[ \t]*(?:>[ \t]?)*(?:(?:[-*+•]|\d{1,3}[.)、]|#{1,6})[ \t]+)*(?:\*\*|__)?$/;
const NAME = /[A-Za-z_][A-Za-z0-9_]*$/;
/** Words that are said of what holds numbers by their places. */
const CONTAINERS = /^(?:list|array|arr|vector|vec|matrix|tensor|tuple|row|column|col|args|argv|df|dict)s?$/i;

/** An index, a link, a slice, an argument, a quotation of the bracket itself. */
function isPartOfWord(before: string, after: string, indexed: ReadonlySet<string>): boolean {
  if (/^[A-Za-z0-9_([{}\]]|^:\d/.test(after) || /[\\[{}#@$^~]$|[A-Za-z0-9_]\($/.test(before)) return true;
  // Behind the bracket of a link or an index, but not behind a vector that ends a clause.
  if (before.endsWith("]") && !(/[[,][ \d.,+−-]*\]$/.test(before) && CLAUSE_END.test(after))) return true;
  if (/["'“‘「『`]$/.test(before) && /^["'”’」』`]/.test(after)) return true;
  if (/[A-Za-z0-9_]\([^()\s]*\)$/.test(before)) return true;
  const name = NAME.exec(before)?.[0];
  if (name === undefined) return false;
  return /^\.\p{L}/u.test(after) || isIdentifier(name, after) || CONTAINERS.test(name) || indexed.has(name);
}

/** A letter alone, snake_case, x1, or camelCase inside a clause: no word of a sentence. */
function isIdentifier(name: string, after: string): boolean {
  return /^[A-Za-z]$|_|^[a-z]{1,2}\d+$/.test(name) || (/^[a-z]+[A-Z]/.test(name) && !CLAUSE_END.test(after));
}

/** A per cent sign behind a number is its unit: "5 % [2]". */
const OPERATOR_BEFORE = /(?:[=＝×∈∉→⇒≈≠≤≥∪∩÷]|[-=]>|(?:^|\s)[-−+*<>]|(?:^|[^\d\s][ \t])%)[ \t]*$/u;
const OPERATOR_AFTER = /^[ \t]*(?:[=＝×∈→⇒≈≠≤≥∪∩÷^]|[-=]>|[-−+*<>%][ \t])/u;

function isOperand(before: string, after: string): boolean {
  return (OPERATOR_BEFORE.test(before) && !LINE_HEAD.test(before)) || OPERATOR_AFTER.test(after);
}

const EMPHASIS_END = /[*_\s"”’」』]+$/u;
const VALUED =
  /(?:^|[^A-Za-z])(?:is|are|was|were|be|been|being|becom(?:e|es|ing)|became|equals?|equal to|gives|returns|outputs|prints)$/i;
const VALUED_ZH =
  /(?:(?<![行作認因以])為|(?<![於但可還])是|等於|得到|得出|變成|成為|(?<![立隨])即|回傳|傳回|印出|設成|轉成|化成)$/u;
/** What a colon stands between and citations: "Sources: [1]". */
const CITING =
  /(?:sources?|references?|citations?|cited|see|passages?|來源|出處|參考|引用|依據|根據|見|段落|資料)\W*[:：]$/iu;

/** Whether a value follows what stands before: "they become [2]", 得到 [2], "the vector [2]". */
function isValue(before: string): boolean {
  const said = before.replace(EMPHASIS_END, "");
  if (/[:：]$/.test(said)) return !CITING.test(said);
  return VALUED.test(said) || VALUED_ZH.test(said);
}

/** Words that want something behind them, or name what holds numbers: a list there is part of the sentence. */
const OPEN =
  /(?:^|[^A-Za-z])(?:of|to|from|in|into|by|with|than|like|as|for|at|on|over|between|within|through|and|or|but|the|an?|has|have|had|give|given|yields?|return|produces?|contains?|e\.g\.|i\.e\.|index|axis|vectors?|matrix|array|tuple|tensor|interval|range|shape|size|list|rows?|columns?|scores|weights|logits|values|points?|coordinates|ranks|sizes|dims|dimensions|widths|depths|seeds|ids|indices|numbers)$/i;
/** What a list of sources may follow all the same. */
const POINTING =
  /(?:^|[^A-Za-z])(?:according to|based on|(?:stated|described|explained|shown) in)$|(?:根據|依據|參見|見於|出自)$/iu;
const OPEN_ZH =
  /(?:[在從到把將與和或於的有]|輸出|產生|給出|向量|矩陣|陣列|串列|張量|數列|區間|索引|乘以|加上|減去|除以|範圍|形狀|座標|分數|權重|列表|清單)$/u;
/** The end of a line or a cell, a stop or a comma, closing quotes and brackets included. */
const CLAUSE_END = /^(?:[ \t]*(?:\||$)|["'”’」』)）*_]*(?:[.。,，;；:：!！?？](?!\d)|$)|["'”’」』)）*_]+\s)/u;

function isOpen(before: string): boolean {
  const said = before.replace(EMPHASIS_END, "");
  return !POINTING.test(said) && (OPEN.test(said) || OPEN_ZH.test(said));
}

function endsClause(before: string, after: string): boolean {
  const said = before.replace(EMPHASIS_END, "");
  const isAfterWord = /[\p{L}\p{N}.。!！?？)）%]$/u.test(said) || CITING.test(said);
  return CLAUSE_END.test(after) && isAfterWord && !isOpen(before);
}

function isRising(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => i === 0 || number > numbers[i - 1]!);
}

function rising(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

/** Nobody cites more passages in one bracket; a longer row is of numbers. */
const MOST_LISTED = 3;

/** Whether the text shows a row of numbers in brackets that cites nothing: then its other rows are such, too. */
function hasVectors(text: string, count: number): boolean {
  return [...text.matchAll(NUMBERS)].some(([, list = ""]) => {
    const numbers = list.split(",").map(Number);
    const mayCite =
      numbers.length <= MOST_LISTED &&
      numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= count);
    return !mayCite || !isRising(numbers);
  });
}

/** Words with an index behind them that is no passage, as list[0] has: names, wherever else they stand. */
function indexedNames(text: string, count: number): ReadonlySet<string> {
  const found = [...text.matchAll(/(?<![A-Za-z0-9_])([A-Za-z_][A-Za-z0-9_]{0,40})\[(\d{1,9}|-\d{1,9}|[a-z]|:)\]/g)];
  return new Set(found.flatMap(([, name = "", index]) => (Number(index) >= 1 && Number(index) <= count ? [] : [name])));
}

/** Letters and signs without blanks that tell a place in a passage. */
const COPIED = 10;

/** Whether the bracket came along with the words next to it, out of a passage that it does not cite. */
function isCopied({ start, end, numbers }: Bracket, { text, copies }: Context): boolean {
  const before = dense(lineBefore(text, start)).slice(-COPIED);
  const after = dense(lineAfter(text, end)).slice(0, COPIED);
  const bracket = dense(text.slice(start, end));
  const words = /[\p{L}\p{N}].*[\p{L}\p{N}]/u.test(before) ? before + bracket : bracket + after;
  if (words === bracket) return false;
  const from = copies(words);
  return from.length > 0 && (numbers.length > 1 || !from.includes(numbers[0]!));
}

/** Which passages, counted from 1, hold these words, blanks and capitals apart. */
function copiesOf(passages: Passages): Context["copies"] {
  let texts: readonly string[] | undefined;
  return (words) => {
    texts ??= passages.map(({ text }) => (/[[［【]/.test(text) ? dense(text) : ""));
    return texts.flatMap((text, i) => (text.includes(words) ? [i + 1] : []));
  };
}

function dense(text: string): string {
  return text.replaceAll(/[\s*_>]+/g, "").toLowerCase();
}

/** The bracket with the blank before it, or behind it at the head of a line. */
function withBlank({ start, end }: Span, text: string, leads: boolean): Span {
  if (leads) return { start, end: end + (/^[ \t]+/.exec(text.slice(end, end + NEAR))?.[0].length ?? 0) };
  return { start: start - (/[ \t]+$/.exec(text.slice(Math.max(0, start - NEAR), start))?.[0].length ?? 0), end };
}

/** Blocks and spans of code, and formulas; what is not closed reaches to the end of its block or is none. */
function opaqueSpans(text: string): readonly Span[] {
  const code = codeIn(text);
  return [...code, ...formulasIn(text, code), ...displayFormulas(text)];
}

/** $formulas$ of one line. A dollar before a digit or behind a letter is money. */
const FORMULA = /(?<![A-Za-z\\$])\$(?![\s\d$])[^$\n]{0,300}[^$\s\\]\$(?!\d)|\\\([^\n]{0,300}?\\\)/g;

function formulasIn(text: string, code: readonly Span[]): readonly Span[] {
  let from = 0;
  return [...code, { start: text.length, end: text.length }].flatMap(({ start, end }) => {
    const offset = from;
    from = end;
    return [...text.slice(offset, start).matchAll(FORMULA)].map(({ index, 0: found }) => ({
      start: offset + index,
      end: offset + index + found.length,
    }));
  });
}

/** $$ ... $$ and \[ ... \], over several lines. */
function displayFormulas(text: string): readonly Span[] {
  return [
    ["$$", "$$"],
    [String.raw`\[`, String.raw`\]`],
  ].flatMap(([open = "", close = ""]) => {
    const spans: Span[] = [];
    for (let start = text.indexOf(open); start >= 0;) {
      const end = text.indexOf(close, start + open.length);
      if (end < 0) break;
      spans.push({ start, end: end + close.length });
      start = text.indexOf(open, end + close.length);
    }
    return spans;
  });
}
