// Renders titled sections side by side where the screen is wide enough, else in turn.

import type { Post, Section } from "../../../src/core/post.ts";
import { clean } from "./clean.ts";
import type { Look } from "./decorate.ts";
import { renderText } from "./growing-text.ts";
import { renderBelow } from "./render.ts";
import { pad, wrap } from "./wrap.ts";

/** Columns that a text needs to be read at ease, and what stands between two. */
const NARROWEST = 36;
const GAP = " │ ";

/** Whether the post has titled sections: those can grow all at once, so they are shown when they are whole. */
export function hasTitles(post: Post): boolean {
  return post.sections.some(({ title }) => title !== "");
}

/** Every titled section with its own tables and notes, then what belongs to none. */
export function renderSections(post: Post, look: Look): string {
  const rest = post.sections.filter(({ title }) => title === "");
  const words = rest.map(({ text }) => renderText(clean(text).trim(), look));
  const below = renderBelow({ ...post, sections: rest }, look);
  return [...words, ...groupsOf(post.sections).map((group) => renderGroup(group, post, look)), below]
    .filter(Boolean)
    .join("\n\n");
}

/** Neighbours that may stand beside one another, together. */
function groupsOf(sections: readonly Section[]): readonly (readonly Section[])[] {
  const groups: Section[][] = [];
  for (const section of sections.filter(({ title }) => title !== "")) {
    const last = groups.at(-1);
    if (section.beside && last?.[0]?.beside) last.push(section);
    else groups.push([section]);
  }
  return groups;
}

function renderGroup(group: readonly Section[], post: Post, look: Look): string {
  const { columns } = look;
  const width = columns === undefined ? 0 : Math.floor((columns - GAP.length * (group.length - 1)) / group.length);
  if (group.length < 2 || width < NARROWEST)
    return group.map((section) => renderSection(section, post, look)).join("\n\n");
  const plain = { ...look, colours: false };
  const blocks = group.map((section) => wrap(renderSection(section, post, { ...plain, columns: width }), width));
  const height = Math.max(...blocks.map(({ length }) => length));
  return Array.from({ length: height }, (_, row) => blocks.map((lines) => pad(lines[row] ?? "", width)).join(GAP))
    .map((line) => line.trimEnd())
    .join("\n");
}

function renderSection(section: Section, post: Post, look: Look): string {
  const own = { ...post, sections: [{ ...section, title: "" }], sources: [] };
  const text = clean(`## ${section.title}\n\n${section.text.trim()}`.trim());
  return [renderText(text, look), renderBelow(own, look)].filter(Boolean).join("\n\n");
}
