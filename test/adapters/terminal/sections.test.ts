// Titled sections on a terminal: columns where there is room, one below the other where there is not, nothing lost.

import { describe, expect, test } from "@jest/globals";
import { renderSections } from "../../../adapters/terminal/render/sections.ts";
import { emptyPost, finish, fold, type Post } from "../../../src/core/post.ts";
import type { Reply } from "../../../src/core/reply.ts";

const postOf = (...replies: readonly Reply[]): Post => finish(replies.reduce(fold, emptyPost("en")));
const board = postOf(
  { type: "text", section: "A", text: "The first answer is here.", beside: true },
  { type: "note", section: "A", text: "1.2 s · 3 votes" },
  { type: "text", section: "B", text: "第二個回答在這裡，用中文寫成。", beside: true },
  { type: "text", section: "How they differ", text: "Hardly." },
  { type: "table", section: "Figures", table: { columns: ["x"], rows: [["1"]] } },
  { type: "note", text: "2 votes so far" },
);
const look = (columns: number | undefined) => ({ colours: false, columns });

describe("renderSections", () => {
  test("stands side by side on a wide screen, each with its own small print, the rest below", () => {
    const lines = renderSections(board, look(100)).split("\n");
    expect(lines[0]).toMatch(/^## A +│ ## B$/);
    expect(lines[2]).toMatch(/^The first answer is here\. +│ 第二個回答在這裡，用中文寫成。$/);
    expect(lines[4]).toMatch(/^1\.2 s · 3 votes +│$/);
    expect(lines.join("\n")).toMatch(/## How they differ\n\nHardly\.\n\n## Figures\n\nx\n1\n\n2 votes so far$/);
  });

  test.each([60, undefined])("is stacked with %s columns", (columns) => {
    const text = renderSections(board, look(columns));
    expect(text).not.toContain("│");
    expect(text).toMatch(/^## A\n\nThe first answer is here\.\n\n1\.2 s · 3 votes\n\n## B\n\n第二/);
  });
});
