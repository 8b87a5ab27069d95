// An answer as it grows on a screen: nothing twice, nothing lost, no word broken, and nothing typed in between.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { LiveView } from "../../../adapters/terminal/send/live-view.ts";
import { emptyPost, fail, finish, fold, type Post } from "../../../src/core/post.ts";
import type { Reply } from "../../../src/core/reply.ts";
import { screenRows } from "../../fakes/screen-rows.ts";
import { createTestRuntime } from "../../fakes/test-runtime.ts";

const ESCAPE = String.fromCharCode(0x1b);
const OUR_SEQUENCES = new RegExp(`${ESCAPE}\\[(?:1|2|22|36|39)m`, "g");

const postOf = (...replies: Reply[]): Post => replies.reduce(fold, emptyPost("en"));
const text = (words: string): Reply => ({ type: "text", text: words });
const status = (words: string): Reply => ({ type: "status", text: words });

function open({ columns = 80, colours = true } = {}) {
  const runtime = createTestRuntime({ isTTY: true });
  const view = new LiveView(Object.assign(runtime.console.output, { columns }), { colours });
  return { view, written: () => runtime.output(), rows: () => screenRows(runtime.output(), columns) };
}

function watch(...posts: Post[]): string[] {
  const { view, rows } = open();
  for (const post of posts) view.show(post, "");
  return rows();
}

describe("LiveView", () => {
  test("a status is wiped by the text, which is not written twice", () => {
    const rows = watch(
      postOf(status("Searching")),
      postOf(status("Reading"), text("One **bo")),
      postOf(status("Reading"), text("One **bold** word.\nTw")),
      finish(postOf(text("One **bold** word.\nTwo."), { type: "note", text: "small print" })),
    );
    expect(rows).toEqual(["One bold word.", "Two.", "", "small print", "", ""]);
  });

  test("a broken-off attempt stays, its wait is told below it, and the next begins on a line of its own", () => {
    const half = postOf(status("Reading"), text("Half of the answer"));
    const waiting = fold(half, status("Trying again …"));
    expect(watch(half, waiting)).toEqual(["Half of the", "Trying again …"]);
    const again = [postOf(status("Searching")), finish(postOf(text("The whole.")))];
    expect(watch(half, waiting, ...again)).toEqual(["Half of the answer", "", "The whole.", "", ""]);
  });

  test("what happens after a finished line is told until there is more", () => {
    const first = [status("Reading a"), text("✓ a\n")];
    expect(watch(postOf(...first))).toEqual(["✓ a", ""]);
    expect(watch(postOf(...first), postOf(...first, status("Reading b")))).toEqual(["✓ a", "Reading b …"]);
    const both = finish(postOf(...first, status("Reading b"), text("✓ b\n")));
    expect(watch(postOf(...first), postOf(...first, status("Reading b")), both)).toEqual(["✓ a", "✓ b", "", ""]);
  });

  test("a failure stands below what was said", () => {
    expect(watch(fail(postOf(text("half")), "It broke."))).toEqual(["half", "", "It broke.", "", ""]);
  });

  test("what is typed meanwhile stands below, and the text goes on where it was", () => {
    const { view, rows } = open({ columns: 30 });
    view.show(postOf(text("One two ")), "");
    view.type("next quest");
    expect(rows()).toEqual(["One two", "> next quest"]);
    view.show(postOf(text("One two three ")), "next question");
    expect(rows()).toEqual(["One two three", "> next question"]);
    view.show(finish(postOf(text("One two three four."))), "next question");
    expect(rows()).toEqual(["One two three four.", "", ""]);
  });

  test("a status and a typed line that are wider than the screen stay in one row each", () => {
    const { view, rows } = open({ columns: 20 });
    view.show(postOf(status("Loading a document with a long name")), "a question that is long too");
    expect(rows()).toEqual(["Loading a document…", ">  that is long too"]);
  });

  test("fences of code are not shown, and code is broken where the screen ends", () => {
    const { view, rows } = open({ columns: 10, colours: false });
    view.show(postOf(text("Code:\n```py\nx = **y** + ")), "");
    view.show(finish(postOf(text("Code:\n```py\nx = **y** + z\n```\nDone."))), "");
    expect(rows()).toEqual(["Code:", "x = **y**", "+ z", "Done.", "", ""]);
  });

  test("however it comes in, it looks as if it had come at once", () => {
    const words = fc.constantFrom(
      "word",
      " ",
      "**bold text**",
      "`code`",
      "中文字，",
      "。",
      "\n",
      "> ",
      "- ",
      "\n\n",
      "*",
      "`",
      "https://example.com/a/very/long/path",
    );
    const cuts = fc.array(fc.nat(400), { maxLength: 20 });
    const whole = (markdown: string, columns: number, at: readonly number[]) => {
      const { view, rows } = open({ columns });
      for (const end of [...at].toSorted((a, b) => a - b)) view.show(postOf(text(markdown.slice(0, end))), "typed");
      view.show(finish(postOf(text(markdown))), "");
      return rows();
    };
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), cuts, fc.integer({ min: 12, max: 60 }), (parts, at, columns) => {
        const markdown = `x${parts.join("")}`;
        expect(whole(markdown, columns, at)).toEqual(whole(markdown, columns, []));
      }),
      { numRuns: 60 },
    );
  });

  test("that is put right says the lines again that changed, and no others", () => {
    const before = "First line.\nThree days [1].\nLast line.";
    const after = "First line.\nThree days [1]. (⚠ the source says five days)\nLast line.";
    expect(watch(postOf(text(before)), finish(postOf(text(after))))).toEqual([
      ...before.split("\n"),
      "",
      "Three days [1]. (⚠ the source says five days)",
      "",
      "",
    ]);
  });

  test("a document cannot move the cursor or colour the screen, not even from a source's title", () => {
    const { view, written } = open();
    const evil = "\u001B[2J\u001B]0;mine\u0007\u0008\u009B31mname";
    const source = { number: 1, documentId: "d", title: evil, place: evil, start: 0, end: 1, quote: evil };
    const table = { columns: [evil], rows: [[evil]] };
    const post = postOf(text(evil), { type: "source", source }, { type: "table", table }, { type: "note", text: evil });
    view.show(finish(post), evil);
    expect(written().replaceAll(OUR_SEQUENCES, "")).not.toMatch(/[^\P{Cc}\n]/u);
  });
});
