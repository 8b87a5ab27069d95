// Finds the passages for a question: its files first, then the knowledge base.

import { withoutCourtesy } from "../../core/clauses.ts";
import type { SearchResult, Hit, FileReading } from "../../core/knowledge.ts";
import type { Reply } from "../../core/reply.ts";
import { historyOf, type Ask } from "./args.ts";
import { queriesFor, type Query } from "./follow-up.ts";
import { SEARCHING } from "./messages.ts";
import { extname } from "node:path";
import type { CommandContext } from "../../core/command.ts";
import { BotError, explain } from "../../core/errors.ts";
import type { Attachment } from "../../core/invocation.ts";
import type { Phrase } from "../../core/language.ts";
import { fileTooLarge, LARGEST_FILE } from "../../core/limits.ts";

const PASSAGES = 8;
/** From the knowledge base, beside the passages of files that came along. */
const BESIDE_FILES = 4;

export interface AskSources {
  /** Empty where nothing answers the question. */
  hits: readonly Hit[];
  files: readonly FileOutcome[];
  /** What the knowledge base found. */
  found: SearchResult;
}

export async function* findPassages(call: Ask): AsyncGenerator<Reply, AskSources, undefined> {
  const { args, invocation, say } = call;
  const queries = queriesFor(args.question, { history: historyOf(call), background: invocation.context });
  const files = yield* readAttachments(queries[0]?.text ?? args.question, call);
  yield { type: "status", text: say(SEARCHING) };
  const found = await searchOneByOne(queries, call);
  const fromFiles = hitsOf(files);
  if (fromFiles.length === 0) return { hits: found.answerable ? found.hits : [], files, found };
  const beside = found.answerable ? normalise(found.hits).slice(0, BESIDE_FILES) : [];
  return { hits: [...fromFiles, ...beside], files, found };
}

/** The first search that finds an answer; where none does, what the first one came closest to. */
async function searchOneByOne(queries: readonly Query[], { tools, workspace, signal }: Ask): Promise<SearchResult> {
  const where = ({ isJoined = false }: Query) => ({ workspace, limit: PASSAGES, isJoined });
  let closest: SearchResult | undefined;
  for (const query of queries) {
    const found = await tools.knowledge.search(query.text, where(query), signal);
    if (found.answerable && (!query.mustMention || mentions(found.hits, withoutCourtesy(queries[0]?.text ?? ""))))
      return found;
    closest ??= { ...found, answerable: false };
  }
  return closest ?? { hits: [], confidence: 0, answerable: false };
}

/** Whether one of the best passages has a word of the question, or two neighbouring Chinese characters of it. */
function mentions(hits: readonly Hit[], question: string): boolean {
  const words = question.toLowerCase().match(/\p{Script=Han}{2}|[^\P{L}\p{Script=Han}]{3,}|\p{N}+/gu) ?? [];
  const texts = hits.slice(0, 3).map(({ text, title }) => `${title}\n${text}`.toLowerCase());
  return words.some((word) => texts.some((text) => text.includes(word)));
}

/** Files, and passages of all of them together, for one question. */
const MOST_FILES = 5;
const FILE_PASSAGES = 10;
const MOST_TOGETHER = 2 * LARGEST_FILE;

export interface FileOutcome {
  name: string;
  reading?: FileReading;
  failure?: Phrase;
}

type Asking = Pick<CommandContext<unknown>, "attachments" | "download" | "tools" | "signal" | "say">;

/** One outcome for each attachment, in their order. */
export async function* readAttachments(
  question: string,
  call: Asking,
): AsyncGenerator<Reply, readonly FileOutcome[], undefined> {
  const { attachments, say } = call;
  const limit = Math.ceil(FILE_PASSAGES / Math.max(1, Math.min(attachments.length, MOST_FILES)));
  const outcomes: FileOutcome[] = [];
  let bytes = 0;
  for (const [i, attachment] of attachments.entries()) {
    if (i < MOST_FILES) yield { type: "status", text: say(reading(attachment.name)) };
    const budget = i < MOST_FILES ? MOST_TOGETHER - bytes : undefined;
    const { outcome, size } = await readOne(attachment, { question, limit, budget, number: i + 1 }, call);
    bytes += size;
    outcomes.push(outcome);
  }
  return outcomes;
}

/** Best first within each file; each file's best counts as 1, since scores of two searches do not compare. */
export function hitsOf(outcomes: readonly FileOutcome[]): readonly Hit[] {
  return outcomes.flatMap(({ reading }) => normalise(reading?.hits ?? [])).toSorted((a, b) => b.score - a.score);
}

export function normalise(hits: readonly Hit[]): readonly Hit[] {
  const best = Math.max(...hits.map(({ score }) => score)) || 1;
  return hits.map((hit) => ({ ...hit, score: hit.score / best }));
}

/** A line for each file, as it stands below the answer. */
export function* accountFor(outcomes: readonly FileOutcome[], say: (phrase: Phrase) => string): Generator<Reply> {
  for (const { name, reading, failure } of outcomes) {
    if (failure) yield { type: "note", text: `✗ ${name} — ${say(NOT_READ)}${say(failure)}` };
    else if (reading)
      yield { type: "note", text: `${reading.warnings.length > 0 ? "◔" : "✓"} ${name} — ${line(reading, say)}` };
  }
}

interface Task {
  question: string;
  limit: number;
  /** Bytes left for this file; undefined where there are too many files. */
  budget: number | undefined;
  number: number;
}

async function readOne(
  attachment: Attachment,
  { question, limit, budget, number }: Task,
  { download, tools, signal }: Asking,
): Promise<{ outcome: FileOutcome; size: number }> {
  const { name, mediaType, url } = attachment;
  let size = 0;
  try {
    if (budget === undefined) throw new BotError("too-large", TOO_MANY);
    if ((attachment.bytes ?? 0) > LARGEST_FILE) throw fileTooLarge(attachment.bytes ?? 0);
    if ((attachment.bytes ?? 0) > budget) throw new BotError("too-large", TOO_MUCH);
    const bytes = await download(attachment);
    if (bytes.length > LARGEST_FILE) throw fileTooLarge(bytes.length);
    if (bytes.length > budget) throw new BotError("too-large", TOO_MUCH);
    size = bytes.length;
    const upload = {
      name,
      bytes,
      origin: `attachment ${number}`,
      ...(mediaType && { mediaType }),
      ...(url && { url }),
    };
    return { outcome: { name, reading: await tools.knowledge.read(upload, question, limit, signal) }, size };
  } catch (error) {
    signal.throwIfAborted();
    // Names of files are people's words, so the log knows a file by its place and its ending.
    const facts = { number, ending: extname(name), error };
    if (error instanceof BotError) tools.runtime.log.info("an attachment was refused", facts);
    else tools.runtime.log.error("an attachment could not be read", facts);
    return { outcome: { name, failure: explain(error) }, size };
  }
}

function line({ passages, pages, warnings }: FileReading, say: (phrase: Phrase) => string): string {
  const state = say(warnings.length > 0 ? PARTLY : READ);
  return [`${state}${say(extent(passages, pages))}`, ...warnings.map(say)].join(" · ");
}

function extent(passages: number, pages: number): Phrase {
  const [en, zh] = pages > 1 ? [`, ${pages} pages`, `，${pages} 頁`] : ["", ""];
  return { en: `${passages} passage${passages === 1 ? "" : "s"}${en}`, "zh-TW": `${passages} 個段落${zh}` };
}

function reading(name: string): Phrase {
  return { en: `Reading ${name}`, "zh-TW": `正在讀取 ${name}` };
}

const READ: Phrase = { en: "read: ", "zh-TW": "已讀：" };
const PARTLY: Phrase = { en: "partly read: ", "zh-TW": "部分讀取：" };
const NOT_READ: Phrase = { en: "not read: ", "zh-TW": "沒有讀：" };
const TOO_MANY: Phrase = {
  en: `I read up to ${MOST_FILES} files with a question. Ask again with the others, or have an admin load them with \`/kb add\`.`,
  "zh-TW": `一個問題最多讀 ${MOST_FILES} 個檔案。其他的請另外再問，或請管理員用 \`/kb add\` 載入。`,
};
const TOO_MUCH: Phrase = {
  en: "the files before it are as much as I read with one question. Ask again with this one alone.",
  "zh-TW": "前面的檔案已達一次能讀的總量，請單獨附上這個檔案再問一次。",
};
