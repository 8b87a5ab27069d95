// Takes out of an answer what Discord refused, and adds a line that says what is missing and why.

import type { Phrase } from "../../../src/core/language.ts";
import { filesOf, withNote, type Post, type Section } from "../../../src/core/post.ts";
import type { Source } from "../../../src/core/reply.ts";
import { buttonsLeftOut, filesLeftOut, linksUnmade } from "../messages.ts";
import { withoutLinks } from "../render/markdown.ts";
import type { Rendered } from "../render/render.ts";
import type { Part } from "./refused.ts";

/** What is left out of an answer, with the reason for each. */
export type Lacking = ReadonlyMap<Part, Phrase>;

export function lessen(post: Post, lacking: Lacking): Post {
  if (post.state === "working") return post;
  const [files, buttons, links] = [lacking.get("files"), lacking.get("components"), lacking.get("links")];
  const count = filesOf(post).length;
  const hasButtons = post.actions.length > 0;
  const notes = [
    ...(files && count > 0 ? [filesLeftOut(count, files)] : []),
    ...(buttons && hasButtons ? [buttonsLeftOut(buttons)] : []),
    ...(links ? [linksUnmade(links)] : []),
  ];
  const bare = files ? { ...post, pictures: [], files: [] } : post;
  return notes.reduce(withNote, links ? unlinked(bare) : bare);
}

export function withoutButtons(rendered: Rendered, lacking: Lacking): Rendered {
  return lacking.has("components") ? { ...rendered, components: [] } : rendered;
}

function unlinked(post: Post): Post {
  const { sections, sources, status } = post;
  return { ...post, sections: sections.map(inWords), sources: sources.map(named), status: withoutLinks(status) };
}

function inWords(section: Section): Section {
  const { title, text, notes, tables } = section;
  return {
    ...section,
    title: withoutLinks(title),
    text: withoutLinks(text),
    notes: notes.map(withoutLinks),
    tables: tables.map(({ columns, rows }) => ({
      columns: columns.map(withoutLinks),
      rows: rows.map((row) => row.map(withoutLinks)),
    })),
  };
}

function named({ url = "", ...source }: Source): Source {
  const place = [source.place, url].filter(Boolean).join(" › ");
  return {
    ...source,
    title: withoutLinks(source.title),
    place: withoutLinks(place),
    quote: withoutLinks(source.quote),
  };
}
