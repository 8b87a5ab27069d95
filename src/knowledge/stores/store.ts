// What a place to keep passages must do. Words and ranking are decided above it; it keeps, adds up and hands back.

import type { Document, KnowledgeStatus, Passage } from "../../core/knowledge.ts";
import type { QueryTerm, TermVector } from "../search/lexical.ts";
import type { Chunk } from "../ingest/chunk.ts";

/** A passage with what it is found by. */
export interface IndexedChunk {
  chunk: Chunk;
  terms: TermVector;
  /** Of length 1; missing where the embedder does not know the passage's language. */
  vector?: Float32Array;
}

/** What a document was described by: what was described by something else is found badly, or not at all. */
export interface IndexVersion {
  /** The tokenizer's fingerprint. */
  words: string;
  /** The name of the embedder that made the vectors; missing where there are none. */
  space?: string;
}

/** A document ready to be kept. `title` and `article` are vectors that all its passages share. */
export interface IndexedDocument {
  document: Document;
  entries: readonly IndexedChunk[];
  title: TermVector;
  article: TermVector;
  version: IndexVersion;
}

export interface Query {
  terms: readonly QueryTerm[];
  /** Compared with passages of the same space only. */
  dense?: { space: string; vector: Float32Array };
  /** Documents of these workspaces and no others, for the ranking's statistics too. */
  workspaces: readonly string[];
  limit: number;
}

export interface Candidate {
  passage: Passage;
  /** Where the passage stands in its document, from 0. */
  ordinal: number;
  /** The sum of all fields: comparable within one search. */
  score: number;
  /** To the question's vector, -1..1; missing where either has none. */
  cosine?: number;
}

export interface Candidates {
  /** Best first by their sums, none with a sum of 0; then, best first by cosine, as many that only their vectors speak for. */
  candidates: readonly Candidate[];
  /** idf of the query's own terms of passages by id, over the workspaces asked; a term that no passage has is missing. */
  frequencies: ReadonlyMap<number, number>;
  /** The idf of a term that no passage has. */
  unseen: number;
}

/** The ways that hold now, and how a document is described by them. */
export interface Reindexing {
  /** Without a space no document wants vectors. */
  version: IndexVersion;
  describe(document: Document, chunks: readonly Chunk[], signal: AbortSignal): Promise<IndexedDocument>;
  /** How many numbers a vector of the space has; 0 without a space. */
  measure(signal: AbortSignal): Promise<number>;
}

export type Listed = Document & { passages: number };

/**
 * Every method may throw BotError "unavailable" (full, locked or read-only) with the fix.
 * `put` replaces the document of the same id and workspace as a whole or not at all.
 */
export interface Store {
  put(indexed: IndexedDocument, signal: AbortSignal): Promise<void>;
  search(query: Query, signal: AbortSignal): Promise<Candidates>;
  /** Whether there was one. */
  remove(id: string, workspace: string): Promise<boolean>;
  /** The workspace's own documents, oldest first. */
  list(workspace: string): Promise<readonly Listed[]>;
  /** By id or a unique beginning of it. */
  get(id: string, workspace: string): Promise<{ document: Document; passages: readonly Passage[] } | undefined>;
  /** By where it came from, without its passages. */
  find(origin: string, workspace: string): Promise<Listed | undefined>;
  /** Whether any passage may have a vector of that space; a question needs one only then. */
  hasSpace(space: string): Promise<boolean>;
  /**
   * Indexes every document anew that another version indexed, in every workspace, while searches and puts go on.
   * Resolves with how many. Given up or killed, the next call goes on from there. For one caller at a time, over all processes.
   */
  reindex(reindexing: Reindexing, signal: AbortSignal): Promise<number>;
  status(): Promise<KnowledgeStatus>;
  close(): Promise<void>;
}
