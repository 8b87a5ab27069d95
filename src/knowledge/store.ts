// What a place to keep passages must do. Words and ranking are decided above it; it keeps, adds up and hands back.

import type { Document, Passage } from "../core/knowledge.ts";
import type { QueryTerm, TermVector } from "./lexical.ts";
import type { Cut } from "./split.ts";

/** A passage with what it is found by. A dense vector will stand beside `terms` here. */
export interface Entry {
  cut: Cut;
  terms: TermVector;
}

/** A document ready to be kept. `title` and `article` are vectors that all its passages share. */
export interface Kept {
  document: Document;
  entries: readonly Entry[];
  title: TermVector;
  article: TermVector;
}

/** A dense query will stand beside `terms` here. */
export interface Query {
  terms: readonly QueryTerm[];
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
}

export interface Candidates {
  /** Best first, none with a score of 0. */
  candidates: readonly Candidate[];
  /** idf of the query's terms by id, over the workspaces asked; a term that no unit has is missing. */
  frequencies: ReadonlyMap<number, number>;
  /** The idf of a term that no passage has. */
  unseen: number;
}

export type Listed = Document & { passages: number };

/**
 * Every method may throw BotError "unavailable" (full, locked or read-only) with the mend.
 * `put` replaces the document of the same id and workspace as a whole or not at all.
 */
export interface Store {
  put(kept: Kept, signal: AbortSignal): Promise<void>;
  search(query: Query, signal: AbortSignal): Promise<Candidates>;
  /** Whether there was one. */
  remove(id: string, workspace: string): Promise<boolean>;
  /** The workspace's own documents, oldest first. */
  list(workspace: string): Promise<readonly Listed[]>;
  /** By id or a unique beginning of it. */
  get(id: string, workspace: string): Promise<{ document: Document; passages: readonly Passage[] } | undefined>;
  /** By where it came from, without its passages. */
  find(origin: string, workspace: string): Promise<Listed | undefined>;
  close(): Promise<void>;
}
