// What the shared part does for every vendor, seen without any network.

import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import { createConnection } from "../../src/models/chat-model.ts";
import type { StreamEvent, Vendor } from "../../src/models/vendor.ts";
import { collect, PROMPT, textOf } from "../contracts/model.ts";
import { liveRuntime } from "../fakes/vendor.ts";

const vendor: Vendor = {
  provider: "acme",
  label: "Acme",
  variables: { key: "ACME_KEY", model: "ACME_MODEL", url: "ACME_URL" },
  models: ["one"],
  secret: "s3cret-key",
};

/** Beats, pauses in milliseconds, and an error to end with. */
function generate(...steps: readonly (StreamEvent | number | Error)[]) {
  async function* protocol(): AsyncGenerator<StreamEvent> {
    for (const step of steps) {
      if (step instanceof Error) throw step;
      if (typeof step === "number") await sleep(step);
      else yield step;
    }
  }
  const limits = { firstToken: 40, silence: 40, whole: 10_000 };
  return createConnection({ vendor, protocol: { stream: protocol, prepare: async () => {} }, limits }, liveRuntime())
    .model("one")
    .generate(PROMPT, new AbortController().signal);
}

const text = (words: string): StreamEvent => ({ type: "text", text: words });
const usage = (output: number): StreamEvent => ({ type: "usage", input: 1, output });
const end: StreamEvent = { type: "stop", reason: "end" };

describe("every chat model", () => {
  test("keeps a refusal, whatever the vendor says after it", async () => {
    const events = await collect(generate(text("no"), { type: "stop", reason: "refused" }, end));
    expect(events.at(-1)).toEqual({ type: "stop", reason: "refused" });
  });

  test("reports the last usage once, right before the stop", async () => {
    const events = await collect(generate(usage(1), text("a"), end, usage(2)));
    expect(events.map(({ type }) => type)).toEqual(["text", "usage", "stop"]);
    expect(events[1]).toEqual(usage(2));
  });

  test("holds a finished answer for whole where the line breaks behind it", async () => {
    const events = await collect(generate(text("done"), end, new TypeError("terminated")));
    expect(events.at(-1)).toEqual(end);
  });

  test.each([
    ["in one piece", ["🙂".repeat(150_000)]],
    ["in many", Array.from({ length: 300 }, () => "x🙂".repeat(1000))],
  ])("takes no more of an answer than anybody could read: %s", async (_, pieces) => {
    const events = await collect(generate(...pieces.map(text), end));
    const whole = textOf(events);
    expect(whole.length).toBeGreaterThan(199_000);
    expect(whole.length).toBeLessThanOrEqual(200_000);
    expect(whole.isWellFormed()).toBe(true);
    expect(events.at(-1)).toEqual({ type: "stop", reason: "length" });
  });

  test("does not take a slow reader for a slow model", async () => {
    let words = "";
    for await (const event of generate(text("a"), text("b"), end)) {
      await sleep(80);
      words += textOf([event]);
    }
    expect(words).toBe("ab");
  });

  test("lets a defect of our own be seen as one", async () => {
    const defect = new TypeError("x is not a function");
    await expect(collect(generate(text("a"), defect))).rejects.toBe(defect);
  });

  test("strikes the key out of what the vendor echoes", async () => {
    const echo = Object.assign(new Error("bad s3cret-key"), {
      status: 418,
      error: { message: "s3cret-key, sk-abcdefgh1" },
    });
    const failure: unknown = await collect(generate(echo)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BotError);
    const { cause } = failure as { cause: Error };
    expect(cause.message).toContain("418");
    expect(cause.message).not.toMatch(/s3cret|abcdefgh/);
  });
});
