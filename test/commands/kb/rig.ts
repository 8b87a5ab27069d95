// `/kb` said by a person, over a knowledge base of which a test gives only what it needs.

import type { Added, Document, KnowledgeBase, Passage } from "../../../src/core/knowledge.ts";
import { textOf } from "../../../src/core/post.ts";
import { collect } from "../../fakes/collect.ts";
import { createTestToolbox, invocation } from "../../fakes/toolbox.ts";

export const DAY = Date.UTC(2026, 0, 2);

export function document(id: string, more: Partial<Document> = {}): Document {
  const title = `Title of ${id}`;
  const origin = `/documents/${id}.md`;
  const [format, digest, addedBy] = ["Markdown", "d", "ada"];
  return { id, workspace: "w1", title, origin, format, digest, bytes: 2000, addedAt: DAY, addedBy, ...more };
}

export function passage(start: number): Passage {
  const text = `Passage at ${start}. ${"字".repeat(300)}`;
  return { documentId: "a", title: "Title of a", headings: ["Title of a", "Rules"], text, start, end: start + 5 };
}

export function added(id: string, more: Partial<Added> = {}): Added {
  return { outcome: "added", document: document(id), passages: 2, pages: 0, warnings: [], ...more };
}

export async function say(
  line: string,
  knowledge: Partial<KnowledgeBase> = {},
  more: Parameters<typeof invocation>[1] = {},
) {
  const { post, replies } = await collect(invocation(line, more), createTestToolbox({ knowledge }));
  const notes = post.sections.flatMap(({ notes }) => notes);
  return { text: textOf(post), tables: post.sections.flatMap(({ tables }) => tables), notes, replies };
}

export const member = { id: "u2", name: "bob", isAdmin: false, isLocal: false };
export const admin = { id: "u1", name: "ada", isAdmin: true, isLocal: false };
