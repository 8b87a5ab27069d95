// Renders a post as Discord messages: the answer, then its sources, then small print.

import { traitsOf } from "../../../src/core/language.ts";
import type { Post, Section } from "../../../src/core/post.ts";
import type { Source } from "../../../src/core/reply.ts";
import type { Json } from "../../../src/core/runtime.ts";
import { clip, oneLine } from "../../../src/core/text.ts";
import { split } from "../../kit/split.ts";
import { renderButtons, type Frame } from "./buttons.ts";
import { groupFiles, enclosed, type DiscordFile } from "./files.ts";
import { calm, literal, smallPrint, toDiscord } from "./markdown.ts";
import { EMPTY_ANSWER, MIDDLE_LEFT_OUT, WHOLE_ANSWER } from "../messages.ts";
import { renderTable } from "./table.ts";

/** One message to be. */
export interface Rendered {
  content: string;
  components: Json[];
  files: readonly DiscordFile[];
}

const LONGEST_MESSAGE = 2000;
/** Room for "-# 10/10" below a part. */
const NUMBER_ROOM = 12;
/** Longer answers go on in an attached file. */
const MOST_PARTS = 10;
/** Where no file may be attached, an answer fills so many messages, and a longer one lacks its middle. */
const MOST_PARTS_WITHOUT_FILES = 30;
const LONGEST_QUOTE = 90;
/** Of a status that stands in a part of its own. */
const LONGEST_STATUS = 1500;

/** Pure. A frame whose file limit is 0 takes no files. `heading` stands above everything, where the answer comes somewhere unexpected. */
export function render(post: Post, frame: Frame, heading = ""): readonly Rendered[] {
  const { files, notes } = post.state === "working" ? { files: [], notes: [] } : enclosed(post, frame.fileLimit);
  const whole = [heading, ...blocksOf(post, notes)].filter((block) => block.trim()).join("\n\n");
  const parts = partsOf(whole);
  const takesFiles = frame.fileLimit > 0;
  const isTooLong = parts.length > MOST_PARTS && (takesFiles || post.state === "working");
  const shown = isTooLong ? [...parts.slice(0, MOST_PARTS - 1), lastWords(post)] : withinReason(parts, post);
  const rest = isTooLong && post.state !== "working" ? [wholeAnswer(whole)] : [];
  const groups = groupFiles([...rest, ...files], frame.fileLimit);
  const texts = shown.length > 0 || groups.length > 0 ? shown : [fallback(post)];
  return assemble(texts, groups, post, frame);
}

/** Every quote of an answer, for whoever asked to see them. */
export function renderQuotes(sources: readonly Source[]): readonly string[] {
  const quotes = sources
    .filter(({ quote }) => quote.trim())
    .map((source) => `${whereOf(source)}\n${calm(source.quote.trim()).replace(/^/gm, "> ")}`);
  return split(quotes.join("\n\n"), LONGEST_MESSAGE).filter((part) => part.trim());
}

/** The files go with the last text, and in messages of their own where they are many; the buttons stand under the last. */
function assemble(texts: readonly string[], groups: readonly DiscordFile[][], post: Post, frame: Frame): Rendered[] {
  const count = Math.max(texts.length, 1) + Math.max(groups.length - 1, 0);
  const firstWithFiles = count - groups.length;
  return Array.from({ length: count }, (_, i) => ({
    content: numbered(texts[i] ?? "", i, texts.length, post.state === "working"),
    components: i === count - 1 ? renderButtons(post, frame) : [],
    files: groups[i - firstWithFiles] ?? [],
  }));
}

/** While the answer grows nobody knows how many parts it will have. */
function numbered(text: string, i: number, count: number, isGrowing: boolean): string {
  if (count < 2 || !text) return text;
  return `${text}\n-# ${i + 1}/${isGrowing ? "…" : count}`;
}

function partsOf(whole: string): readonly string[] {
  if (whole.length <= LONGEST_MESSAGE) return whole.trim() ? [whole] : [];
  return split(whole, LONGEST_MESSAGE - NUMBER_ROOM).filter((part) => part.trim());
}

/** The end of an answer holds its sources: it is the middle that is left out. */
function withinReason(parts: readonly string[], { language }: Post): readonly string[] {
  if (parts.length <= MOST_PARTS_WITHOUT_FILES) return parts;
  return [...parts.slice(0, MOST_PARTS_WITHOUT_FILES - 2), MIDDLE_LEFT_OUT[language], parts.at(-1) ?? ""];
}

function blocksOf(post: Post, notes: readonly string[]): string[] {
  const [only, second] = post.sections;
  const isPlain = only !== undefined && second === undefined;
  return [
    ...post.sections.map((section) => sectionBlock(section, !isPlain)),
    post.sources.map(sourceLine).join("\n"),
    ...(isPlain ? [only.notes.map(smallPrint).join("\n")] : []),
    notes.map(smallPrint).join("\n"),
    statusLine(post),
  ];
}

function sectionBlock({ title, text, tables, notes }: Section, hasNotes: boolean): string {
  return [
    title ? `### ${calm(title).replace(/\s+/g, " ")}` : "",
    toDiscord(text).trim(),
    ...tables.map((table) => calm(renderTable(table))),
    hasNotes ? notes.map(smallPrint).join("\n") : "",
  ]
    .filter(Boolean)
    .join("\n\n");
}

function sourceLine(source: Source): string {
  const short = literal(clip(oneLine(source.quote), LONGEST_QUOTE));
  return `-# ${whereOf(source)}${short && ` ${inQuotes(short)}`}`;
}

/** In the quotation marks of its own language. */
function inQuotes(words: string): string {
  const [open, close] = traitsOf(words).quotes;
  return `${open}${words}${close}`;
}

function whereOf({ number, title, place, url }: Source): string {
  const name = literal(title);
  const linked = url && /^https?:\/\/[^\s<>)]+$/.test(url) ? `[${name}](<${url}>)` : name;
  return [`[${number}] ${linked}`, literal(place)].filter(Boolean).join(" › ");
}

function statusLine({ state, status, sections }: Post): string {
  if (state === "done" || !status) return "";
  const words = calm(status).trim();
  if (state === "failed") return `⚠️ ${words}`;
  return sections.some(({ text }) => text) ? smallPrint(`⏳ ${words}`) : `⏳ ${words}`;
}

function fallback({ state, language }: Post): string {
  return state === "working" ? "⏳ …" : EMPTY_ANSWER[language];
}

function lastWords(post: Post): string {
  const words = post.state === "working" ? "…" : WHOLE_ANSWER[post.language];
  const [status = ""] = split(statusLine(post), LONGEST_STATUS);
  return [words, status].filter(Boolean).join("\n\n");
}

function wholeAnswer(whole: string): DiscordFile {
  return { name: "answer.md", bytes: Buffer.from(whole), mediaType: "text/markdown", description: "" };
}
