import { describe, expect, test } from "@jest/globals";
import { emptyPost, fail, finish, fold, textOf } from "../../src/core/post.ts";
import type { Reply } from "../../src/core/reply.ts";

const table = { columns: ["a"], rows: [["1"]] };
const replies: readonly Reply[] = [
  { type: "status", text: "Searching" },
  { type: "text", text: "One " },
  { type: "text", text: "two.", section: "B" },
  { type: "text", text: "three." },
  { type: "table", table, section: "B" },
  { type: "note", text: "small" },
  { type: "facts", facts: { model: "m", timings: { total: 1 } } },
  { type: "facts", facts: { usage: { input: 1, output: 2 } } },
  { type: "actions", actions: [{ label: "x", command: "ask", options: {}, shows: "below" }] },
  { type: "actions", actions: [] },
];

describe("a post", () => {
  test("gathers what belongs to a section there, in the order in which sections began", () => {
    const post = replies.reduce(fold, emptyPost("en"));
    expect(post.sections).toEqual([
      { title: "", text: "One three.", tables: [], notes: ["small"] },
      { title: "B", text: "two.", tables: [table], notes: [] },
    ]);
    expect(textOf(post)).toBe("One three.\n\n## B\n\ntwo.");
  });

  test("adds facts up and replaces actions", () => {
    const post = replies.reduce(fold, emptyPost("en"));
    expect(post.facts).toEqual({ model: "m", timings: { total: 1 }, usage: { input: 1, output: 2 } });
    expect(post.actions).toEqual([]);
  });

  test("no reply changes the post it is folded into", () => {
    let post = emptyPost("zh-TW");
    for (const reply of replies) {
      const before = structuredClone(post);
      const next = fold(post, reply);
      expect(post).toEqual(before);
      post = next;
    }
  });

  test("an end wipes the status, a failure says it, and both keep what was said", () => {
    const post = replies.reduce(fold, emptyPost("en"));
    expect(finish(post)).toEqual({ ...post, state: "done", status: "" });
    expect(fail(post, "why")).toEqual({ ...post, state: "failed", status: "why" });
  });
});

describe("fold", () => {
  test("a rewrite replaces its section's text, leaves all else, and text may go on after it", () => {
    const said: Reply[] = [
      { type: "text", text: "one " },
      { type: "text", text: "A", section: "a" },
      { type: "note", text: "small" },
      { type: "rewrite", text: "two" },
      { type: "text", text: "!" },
    ];
    const post = said.reduce(fold, emptyPost("en"));
    expect(post.sections[0]).toMatchObject({ title: "", text: "two!", notes: ["small"] });
    expect(textOf(post)).toBe("two!\n\n## a\n\nA");
  });
});
