// A person at the prompt: what is typed at the wrong moment is neither lost nor mixed into an answer.

import { describe, expect, test } from "@jest/globals";
import type { PassThrough } from "node:stream";
import { chat } from "../../../adapters/terminal/receive/chat.ts";
import { createScreen } from "../../../adapters/terminal/send/send.ts";
import { commands } from "../../../src/commands/index.ts";
import { emptyPost, finish, fold } from "../../../src/core/post.ts";
import { screenRows } from "../../fakes/screen-rows.ts";
import { createTestRuntime } from "../../fakes/test-runtime.ts";

const settings = {
  asJson: false,
  isScreen: true,
  colours: false,
  locale: undefined,
  language: "en" as const,
  way: "chat" as const,
  historyFile: "/dev/null",
  pictureFolder: "/dev/null",
};
const CTRL_C = "\u0003";
const working = (words: string) => fold(emptyPost("en"), { type: "text", text: words });
const tick = () => new Promise((resolve) => setImmediate(resolve));

/** A chat whose answers are said by the test. */
function sit() {
  const runtime = createTestRuntime({ isTTY: true });
  const screen = createScreen(runtime.console, settings);
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  let stopped = 0;
  const line = {
    commands,
    async ask(typed: string) {
      asked.push(typed);
      const view = screen.open();
      view.show(working("Half of "), typed);
      await new Promise<void>((resolve) => answers.push(resolve));
      view.show(finish(working("Half of it all.")), typed);
      return true;
    },
    stop: () => (answers.length > 0 ? ++stopped > 0 : false),
  };
  const ended = chat(screen, settings)(line, runtime.console);
  const input = runtime.console.input as unknown as PassThrough;
  return {
    screen,
    asked,
    ended,
    stopped: () => stopped,
    rows: () => screenRows(runtime.output()).filter(Boolean).slice(1),
    type: async (keys: string) => {
      input.write(keys);
      await tick();
      await tick();
    },
    answer: async () => {
      answers.shift()?.();
      await tick();
      await tick();
    },
  };
}

describe("a person at the prompt", () => {
  test("types on while an answer is written, and finds it at the prompt afterwards", async () => {
    const { type, answer, rows, asked } = sit();
    await type("one\r");
    await type("and th");
    expect(rows()).toEqual(["heed> one", "Half of", "> and th"]);
    await answer();
    expect(rows()).toEqual(["heed> one", "Half of it all.", "heed> and th"]);
    await type("en\r");
    expect(asked).toEqual(["one", "and then"]);
  });

  test("may enter several questions ahead, and each is asked in its turn", async () => {
    const { type, answer, rows, asked } = sit();
    await type("one\r");
    await type("two\rthree\rfo");
    expect(rows().at(-1)).toBe("> two ⏎ three ⏎ fo");
    await answer();
    expect(rows().slice(2)).toEqual(["heed> two", "Half of"]);
    await answer();
    await answer();
    expect(asked).toEqual(["one", "two", "three"]);
    expect(rows().at(-1)).toBe("heed> fo");
  });

  test("may paste several lines, which are one question and can be typed on", async () => {
    const { type, asked, answer } = sit();
    await type("Why? \u001B[200~first\rsecond\rth\u001B[201~");
    expect(asked).toEqual([]);
    await type("ird\r");
    expect(asked).toEqual(["Why? first\nsecond\nthird"]);
    await type("\u001B[200~a\rb\u001B[201~");
    await answer();
    await type(CTRL_C);
    await type("c\r");
    expect(asked.slice(1)).toEqual(["c"]);
  });

  test("clears the line with Ctrl-C, stops an answer with it, and leaves with it only from an empty line", async () => {
    const { type, answer, rows, asked, stopped, ended } = sit();
    await type("never mind");
    await type(CTRL_C);
    expect(rows()).toEqual(["heed> never mind^C", "heed>"]);
    await type("one\r");
    await type(`typed${CTRL_C}`);
    expect([asked, stopped()]).toEqual([["one"], 1]);
    await answer();
    expect(rows().at(-1)).toBe("heed> typed");
    await type(CTRL_C);
    await type(CTRL_C);
    expect(await ended).toBe(0);
  });

  test("types stop to an answer that is written, and asks nothing by it", async () => {
    const { type, answer, asked, stopped, rows } = sit();
    await type("one\r");
    await type("Stop.\r");
    expect(stopped()).toBe(1);
    await answer();
    expect(asked).toEqual(["one"]);
    expect(rows().at(-1)).toBe("heed>");
  });

  test("is not written over by the answer to a question of an earlier run", async () => {
    const { type, screen, rows } = sit();
    await type("half a que");
    const earlier = screen.openEarlier("What is LoRA?");
    earlier.show(working("It "), "");
    expect(rows()).toEqual(["heed> half a que"]);
    earlier.show(finish(working("It is.")), "");
    expect(rows()).toEqual(["> What is LoRA?", "It is.", "heed> half a que"]);
  });

  test("reads an earlier answer after the one that is being written", async () => {
    const { type, answer, screen, rows } = sit();
    await type("one\r");
    screen.openEarlier("What is LoRA?").show(finish(working("It is.")), "");
    expect(rows()).toEqual(["heed> one", "Half of"]);
    await answer();
    expect(rows()).toEqual(["heed> one", "Half of it all.", "> What is LoRA?", "It is.", "heed>"]);
  });
});
