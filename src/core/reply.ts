// Defines replies: each is one thing to show, yielded when it is known.

import type { Mark } from "./citations.ts";
import type { Language } from "./language.ts";
import type { Table } from "./markdown.ts";
import type { Json } from "./runtime.ts";

export type { Table };

/** A place in a document that an answer rests on. Offsets are UTF-16 units into the document's text. */
export interface Source {
  /** The number that the text cites it by: [1], [2], ... */
  number: number;
  documentId: string;
  title: string;
  /** Heading path or page, as a reader would look it up; empty where the document has neither. */
  place: string;
  start: number;
  end: number;
  /** The words of the document that carry the answer. */
  quote: string;
  url?: string;
}

/** A file that comes with a post. */
export interface OutgoingFile {
  name: string;
  /** What it shows or holds, for those who cannot see it. */
  alt: string;
  mediaType: string;
  bytes: Uint8Array;
}

export interface Picture extends OutgoingFile {
  mediaType: "image/png" | "image/svg+xml";
}

/** Something the person can do next. Pressing it is an invocation of `command` with `options`. */
export interface Action {
  label: string;
  command: string;
  options: Readonly<Record<string, string | number | boolean>>;
  /** Where the answer goes: a new message below, in place of this one, or to the presser alone. */
  shows: "below" | "in-place" | "to-presser";
  /** For what was asked, once more: the one option that is another. A platform with forms may ask for its value there. */
  differsIn?: string;
}

/** Something the clock does next: it asks `command` with `options`, and the answer takes the place of this post. */
export interface Appointment {
  /** The id of what will be asked: kept once, however often it is made. No ":" in it. */
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  command: string;
  options: Action["options"];
}

/** What is known of how an answer came to be. Durations are milliseconds, counts are tokens. */
export interface Facts {
  model?: string;
  timings?: Readonly<Record<string, number>>;
  usage?: { input: number; output: number };
  /** How many documents the answer was drawn from. */
  documents?: number;
  /** Anything else a script may want from the finished post. */
  more?: Json;
}

/** One thing to show. */
export type Reply =
  | { type: "status"; text: string }
  /** Sections that say `beside` may stand next to each other where there is room. */
  | { type: "text"; text: string; section?: string; beside?: boolean }
  /** The section's whole text anew, once, when it was found wanting after it was said: a mark, a citation of nothing. */
  | { type: "rewrite"; text: string; section?: string }
  /** Which brackets of the section's text, as it stands, cite the sources; told once it is whole. */
  | { type: "marks"; marks: readonly Mark[]; section?: string }
  | { type: "note"; text: string; section?: string }
  | { type: "table"; table: Table; section?: string }
  | { type: "source"; source: Source }
  | { type: "picture"; picture: Picture }
  | { type: "file"; file: OutgoingFile }
  | { type: "actions"; actions: readonly Action[] }
  | { type: "appointment"; appointment: Appointment }
  /** What labels and buttons follow, where that is not the language of whoever asked this. */
  | { type: "language"; language: Language }
  | { type: "facts"; facts: Facts };
