// Defines a post, the message as it should look now, and folds replies into it.

import { withoutMarks, type Mark } from "./citations.ts";
import type { Language, Phrase } from "./language.ts";
import type { Action, Appointment, OutgoingFile, Facts, Picture, Reply, Source, Table } from "./reply.ts";

export interface Section {
  /** Empty for the one section of a plain answer. */
  title: string;
  /** Markdown. */
  text: string;
  /** Where `text` cites the sources. Any other bracket of it is text, whatever number it holds. */
  marks?: readonly Mark[];
  tables: readonly Table[];
  /** Small print that belongs to this section. */
  notes: readonly string[];
  /** Whether it may stand next to its neighbours that say so too, where there is room. */
  beside?: boolean;
}

/** The message as it should look now. */
export interface Post {
  state: "working" | "done" | "failed";
  /** What is happening now, or what went wrong. */
  status: string;
  /** The language of the person's question: labels and buttons follow it. */
  language: Language;
  sections: readonly Section[];
  sources: readonly Source[];
  pictures: readonly Picture[];
  /** Files that are no pictures. */
  files?: readonly OutgoingFile[];
  actions: readonly Action[];
  /** Kept when the post is done. */
  appointments?: readonly Appointment[];
  facts: Facts;
}

/** The post before the first reply. */
export function emptyPost(language: Language): Post {
  return { state: "working", status: "", language, sections: [], sources: [], pictures: [], actions: [], facts: {} };
}

/** The post with one more reply in it; neither argument is changed. */
export function fold(post: Post, reply: Reply): Post {
  switch (reply.type) {
    case "status":
      return { ...post, status: reply.text };
    case "text":
      return onSection(post, reply.section, (section) => ({
        ...section,
        text: section.text + reply.text,
        ...(reply.beside && { beside: true }),
      }));
    case "rewrite":
      return onSection(post, reply.section, (section) => ({ ...section, text: reply.text, marks: [] }));
    case "marks":
      return onSection(post, reply.section, (section) => ({ ...section, marks: reply.marks }));
    case "note":
      return onSection(post, reply.section, (section) => ({ ...section, notes: [...section.notes, reply.text] }));
    case "table":
      return onSection(post, reply.section, (section) => ({ ...section, tables: [...section.tables, reply.table] }));
    case "source":
      return { ...post, sources: [...post.sources, reply.source] };
    case "picture":
      return { ...post, pictures: [...post.pictures, reply.picture] };
    case "file":
      return { ...post, files: [...(post.files ?? []), reply.file] };
    case "actions":
      return { ...post, actions: reply.actions };
    case "language":
      return { ...post, language: reply.language };
    case "appointment":
      return { ...post, appointments: [...(post.appointments ?? []), reply.appointment] };
    case "facts":
      return { ...post, facts: { ...post.facts, ...reply.facts } };
  }
}

/** With one more line of small print, in the post's language, below everything it says. */
export function withNote(post: Post, note: Phrase): Post {
  const section = post.sections.at(-1)?.title;
  return fold(post, { type: "note", text: note[post.language], ...(section && { section }) });
}

/** The post as it stays: done, without a status. */
export function finish(post: Post): Post {
  return { ...post, state: "done", status: "" };
}

/** What was already said stays; the reason stands below it. */
export function fail(post: Post, reason: string): Post {
  return { ...post, state: "failed", status: reason };
}

/** Whether it has nothing to read and nothing to press: no more than a status, if that. */
export function isBare(post: Post): boolean {
  return post.sections.length === 0 && post.actions.length === 0 && filesOf(post).length === 0;
}

/** Pictures and other files alike. */
export function filesOf({ pictures, files = [] }: Post): readonly OutgoingFile[] {
  return [...pictures, ...files];
}

/** As a post is kept: what its files hold is too much for that. */
export function withoutBytes(post: Post): Post {
  const empty = <File extends OutgoingFile>(file: File): File => ({ ...file, bytes: new Uint8Array() });
  return { ...post, pictures: post.pictures.map(empty), ...(post.files && { files: post.files.map(empty) }) };
}

/** The answer's words alone, sections under their titles. */
export function textOf(post: Post): string {
  return post.sections
    .filter(({ text }) => text !== "")
    .map(({ title, text }) => (title ? `## ${title}\n\n${text}` : text))
    .join("\n\n");
}

/** The same without citations: their numbers stand for the sources of this post, and for nothing elsewhere. */
export function uncitedTextOf(post: Post): string {
  const sections = post.sections.map(({ text, marks = [], ...rest }) => ({ ...rest, text: withoutMarks(text, marks) }));
  return textOf({ ...post, sections });
}

function onSection(post: Post, title = "", change: (section: Section) => Section): Post {
  const at = post.sections.findIndex((section) => section.title === title);
  const section = post.sections[at];
  if (section) return { ...post, sections: post.sections.with(at, change(section)) };
  return { ...post, sections: [...post.sections, change({ title, text: "", tables: [], notes: [] })] };
}
