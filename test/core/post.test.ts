import { describe, expect, test } from "@jest/globals";
import { emptyPost, fold, textOf } from "../../src/core/post.ts";
import type { Reply } from "../../src/core/reply.ts";

describe("fold", () => {
  test("a rewrite replaces its section's text, leaves all else, and text may go on after it", () => {
    const replies: Reply[] = [
      { type: "text", text: "one " },
      { type: "text", text: "A", section: "a" },
      { type: "note", text: "small" },
      { type: "rewrite", text: "two" },
      { type: "text", text: "!" },
    ];
    const post = replies.reduce(fold, emptyPost("en"));
    expect(post.sections[0]).toMatchObject({ title: "", text: "two!", notes: ["small"] });
    expect(textOf(post)).toBe("two!\n\n## a\n\nA");
  });
});
