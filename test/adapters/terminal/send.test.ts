import { describe, expect, test } from "@jest/globals";
import { createScreen } from "../../../adapters/terminal/send.ts";
import { emptyPost, finish, fold, type Post } from "../../../src/core/post.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { createTestWorld } from "../../fakes/test-world.ts";

function show(replies: readonly Reply[]): string {
  const world = createTestWorld({ isTTY: true });
  const settings = {
    asJson: false,
    colours: false,
    locale: undefined,
    language: "en" as const,
    isScript: false,
    historyFile: "",
  };
  const view = createScreen(world.console, settings).open();
  let post: Post = emptyPost("en");
  for (const reply of replies) {
    post = fold(post, reply);
    view.show(post, "q");
  }
  view.show(finish(post), "q");
  return world.output();
}

describe("an answer on a screen", () => {
  test("is written once as it comes", () => {
    expect(
      show([
        { type: "text", text: "One. " },
        { type: "text", text: "Two." },
      ]),
    ).toBe("One. Two.\n\n");
  });

  test("that is put right says the lines again that changed, and no others", () => {
    const output = show([
      { type: "text", text: "First line.\nThree days [1].\nLast line." },
      { type: "rewrite", text: "First line.\nThree days [1]. (⚠ the source says five days)\nLast line." },
    ]);
    expect(output).toBe(
      "First line.\nThree days [1].\nLast line.\n\nThree days [1]. (⚠ the source says five days)\n\n",
    );
  });
});
