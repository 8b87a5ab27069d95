// Defines documents, passages and the knowledge base. Offsets are UTF-16 units of a document's text.

import type { Language, Phrase } from "./language.ts";
import type { Log } from "./runtime.ts";

/** The workspace of documents that everyone may read: the bundled primer. */
export const EVERYONE = "*";

/** A document of the knowledge base, without its passages. */
export interface Document {
  id: string;
  workspace: string;
  title: string;
  /** Where it came from: a path, an address, a file name. Adding the same origin again replaces the document. */
  origin: string;
  /** Where a reader can open it. */
  url?: string;
  format: string;
  /** SHA-256 of the bytes and of how they are cut: the same bytes are recognised, and cut anew where that has changed. */
  digest: string;
  bytes: number;
  /** Milliseconds since 1970. */
  addedAt: number;
  addedBy: string;
}

/** What a format makes of a file. */
export interface Reading {
  /** The document's own title, where it has one. */
  title?: string;
  text: string;
  /** Headings in the order of the text; `level` 1 is the highest. */
  headings: readonly { level: number; text: string; start: number }[];
  /** Where each page begins, for formats that have pages. */
  pages: readonly { number: number; start: number }[];
  /** What could not be read, in words for the person who added it. */
  warnings: readonly Phrase[];
}

/** What a format is given besides a file's bytes. */
export interface ReadContext {
  /** The file's name, for the log. */
  name: string;
  signal: AbortSignal;
  log: Log;
}

/** A document format: reads bytes into text. */
export interface Format {
  readonly name: string;
  readonly extensions: readonly string[];
  readonly mediaTypes: readonly string[];
  /**
   * Throws BotError "unreadable" or "too-large" with the reason and what would help, or the signal's reason.
   * An error that nobody foresaw is logged with its cause, whether it costs the whole file or a part of it.
   */
  read(bytes: Uint8Array, context: ReadContext): Promise<Reading>;
}

/** One chunk of a document. */
export interface Passage {
  documentId: string;
  title: string;
  url?: string;
  headings: readonly string[];
  page?: number;
  text: string;
  start: number;
  end: number;
}

/** A passage that a search found. */
export interface Hit extends Passage {
  /** Only comparable within one search; higher is better. */
  score: number;
  /** The sentences that speak most to the question: offsets into the document, inside [start, end]. */
  quote: { start: number; end: number };
}

/** What a search found, best first. */
export interface SearchResult {
  hits: readonly Hit[];
  /** 0..1: how sure the search is that the answer is in the knowledge base at all. */
  confidence: number;
  /** Whether `confidence` is high enough to answer from these passages. */
  answerable: boolean;
}

/** Turns texts into vectors, so that what means the same lies near. Their size is the embedder's own and always the same. */
export interface Embedder {
  /** "provider/model". Vectors are only ever compared with those of the same name. */
  readonly name: string;
  /** What it was trained on; all languages without it. */
  readonly languages?: readonly Language[];
  /** The cosine from which on a passage speaks for the answer being there; not taken for a sign either way without it. */
  readonly minSimilarity?: number;
  /** Vectors of length 1, in the order of the texts. Throws BotError, or the signal's reason. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>;
}

/** A file on its way into the knowledge base. */
export interface Upload {
  name: string;
  bytes: Uint8Array;
  mediaType?: string;
  origin: string;
  url?: string;
}

export interface Added {
  outcome: "added" | "replaced" | "unchanged";
  document: Document;
  passages: number;
  pages: number;
  warnings: readonly Phrase[];
}

/** What a file holds for one question; nothing of it is kept. */
export interface FileReading {
  /** Best first; the whole file where it is short. The title is the file's name. */
  hits: readonly Hit[];
  passages: number;
  pages: number;
  /** What could not be read, and why. */
  warnings: readonly Phrase[];
}

/** What a sentence of an answer and the passages it cites have to say to each other. */
export interface CitationCheck {
  /** Of the sentence with its citations, in the answer: UTF-16 units, the end not included. */
  start: number;
  end: number;
  /** The passages it cites, counted from 1; none beyond those there are. */
  cited: readonly number[];
  /** "unclear" is no reproach: words alone could not tell. */
  verdict: "carried" | "contradicted" | "unclear";
  /** For a contradiction, the source's own words, such as "five working days". */
  says?: string;
}

/** What keeps the documents of all workspaces, and how it fares. Sizes are in bytes. */
export type KnowledgeStatus =
  | { store: "embedded"; version: string; documents: number; passages: number; vectors: number; bytes: number }
  | {
      store: "qdrant";
      version: string;
      collection: string;
      points: number;
      segments: number;
      /** Green: all is well; yellow: it is being optimised; grey: that waits for a restart or a write; red: it failed. */
      health: "green" | "yellow" | "grey" | "red";
      /** The collection that will take its place. */
      building?: string;
    };

export type PrimerState = "used" | "removed" | "disabled";

/** Everything is asked for on behalf of one workspace, and nothing of another is ever seen or changed. */
export interface KnowledgeBase {
  /** Throws BotError "unreadable" or "too-large" with the reason. */
  add(upload: Upload, owner: { workspace: string; user: string }, signal: AbortSignal): Promise<Added>;
  /** Reads the page or file at a public address. Throws BotError where it may not or cannot be fetched. */
  fetch(url: string, signal: AbortSignal): Promise<Upload>;
  /** `isJoined`: the question is put together from several messages, so that nothing in it is said around another part. */
  search(
    question: string,
    where: { workspace: string; limit: number; isJoined?: boolean },
    signal: AbortSignal,
  ): Promise<SearchResult>;
  /** Reads a file for one question, as add() would, and keeps nothing. Throws BotError "unreadable" or "too-large". */
  read(upload: Upload, question: string, limit: number, signal: AbortSignal): Promise<FileReading>;
  /** Holds every sentence of an answer that cites a passage against it, by words and numbers alone. */
  checkCitations(answer: string, passages: readonly Pick<Passage, "text">[]): readonly CitationCheck[];
  list(workspace: string): Promise<readonly (Document & { passages: number })[]>;
  /** A document by its id or a unique beginning of it, with its passages; undefined where the workspace has none. */
  get(id: string, workspace: string): Promise<{ document: Document; passages: readonly Passage[] } | undefined>;
  /** Whether there was such a document to remove. */
  remove(id: string, workspace: string): Promise<boolean>;
  /** Whether the workspace's questions are answered from the bundled course too; "disabled" is for the whole installation. */
  primer(workspace: string): Promise<PrimerState>;
  /** Brings the bundled course into a workspace or takes it out; nothing else of the workspace changes. */
  usePrimer(isUsed: boolean, workspace: string): Promise<void>;
  /** For admins: it tells of all workspaces together. Throws BotError "unavailable". */
  status(): Promise<KnowledgeStatus>;
}

/** Where to look a passage up: its headings, its page, or both; empty where it has neither. */
export function passagePlace({ headings, page, title }: Passage): Phrase {
  const path = headings.filter((heading, i) => !(i === 0 && heading === title)).join(" › ");
  if (page === undefined) return { en: path, "zh-TW": path };
  const withPage = (words: string, comma: string) => [path, words].filter(Boolean).join(comma);
  return { en: withPage(`p. ${page}`, ", "), "zh-TW": withPage(`第 ${page} 頁`, "，") };
}
