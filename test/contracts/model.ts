// What every chat model owes the bot, whatever its vendor. A new provider adds its wire dialect and runs this.

import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { inspect } from "node:util";
import { BotError, isRetryable, type ErrorCode } from "../../src/core/errors.ts";
import type { Model, ModelEvent, Prompt, StopReason } from "../../src/core/model.ts";
import type { Runtime } from "../../src/core/runtime.ts";
import { createModels } from "../../src/models/index.ts";
import { LIMITS } from "../../src/models/limits.ts";
import type { Fault, WholeAnswer, WireDialect } from "../fakes/dialects.ts";
import { HANG, liveRuntime, RESET, startVendor, type Script, type Step, type VendorServer } from "../fakes/vendor.ts";

export const PROMPT: Prompt = {
  system: "You are Heed.",
  messages: [{ role: "user", text: "實習生可以申請遠端工作嗎？" }],
  passages: [],
  language: "zh-TW",
};

const PIECES = ["可以", "，但有", "兩個條件", "：", "到職滿三個月", " 🙂。", "Yes", "."];
const ANSWER = PIECES.join("");
const USAGE = { input: 11, output: 22 };

export async function collect(events: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const all: ModelEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

export function textOf(events: readonly ModelEvent[]): string {
  return events.map((event) => (event.type === "text" ? event.text : "")).join("");
}

export async function failureOf(model: Model, prompt = PROMPT): Promise<BotError> {
  const error = await collect(model.generate(prompt, new AbortController().signal)).then(
    (events) => new Error(`it answered: ${inspect(events)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof BotError) return error;
  throw error;
}

interface Stage {
  play: (script: Script) => Model;
  /** How many requests came. */
  seen: () => number;
}

/** Every way in which a vendor ends an answer: one request, the bill, and what it was. */
function describeEndings(wire: WireDialect, { play, seen }: Stage): void {
  const generate = async (...steps: readonly Step[]) => {
    const events = await collect(play({ steps }).generate(PROMPT, new AbortController().signal));
    expect(seen()).toBe(1);
    return events;
  };
  const stop = (reason: StopReason) => ({ type: "stop", reason });
  const bill = { type: "usage", ...USAGE };
  const known = Object.entries(wire.stops) as [StopReason, string][];

  test.each(known)("reads its vendor's word for %s: %s", async (reason, word) => {
    for (const said of [word, word.toUpperCase()]) {
      const events = await collect(
        play({ steps: [wire.begin, wire.say("half"), wire.finish(said, USAGE), wire.close] }).generate(
          PROMPT,
          new AbortController().signal,
        ),
      );
      expect(events).toEqual([{ type: "text", text: "half" }, bill, stop(reason)]);
    }
  });

  test.each(known)("says so where nothing was written before it: %s", async (reason) => {
    const events = await generate(wire.begin, wire.end(reason, USAGE));
    expect(events).toEqual([bill, stop(reason === "end" ? "empty" : reason)]);
  });

  const wordless: readonly [string, readonly string[], StopReason][] = [
    ["thoughts and a good end", [wire.think, wire.end("end", USAGE)], "thoughts-only"],
    ["thoughts up to the limit", [wire.think, wire.end("length", USAGE)], "length"],
    ["a call for a tool that claims a good end", [wire.callTool, wire.end("end", USAGE)], "tool-calls"],
    ["thoughts and a call for a tool", [wire.think, wire.callTool, wire.end("tool-calls", USAGE)], "tool-calls"],
    ["blanks", [wire.say(" "), wire.say("\n"), wire.end("end", USAGE)], "empty"],
    ["a word that nobody knows", [wire.finish("whatever", USAGE), wire.close], "empty"],
  ];
  test.each(wordless)("tells an answer without words for what it is: %s", async (_, steps, reason) => {
    const events = await generate(wire.begin, ...steps);
    expect(textOf(events).trim()).toBe("");
    expect(events.slice(-2)).toEqual([bill, stop(reason)]);
  });

  const tagged: readonly [string, readonly string[], string, StopReason][] = [
    ["in one piece", ["<think>\nSECRET\n</think>\n\nThe answer."], "The answer.", "end"],
    ["cut anywhere", [..."\n<think> SECRET </think>\n\nThe answer."], "The answer.", "end"],
    ["in capitals", ["<Thinking>SECRET</Thinking>The answer."], "The answer.", "end"],
    ["in brackets", ["[THINK]SECRET", "[/THINK]", "The answer."], "The answer.", "end"],
    ["in letters of other lengths", ["<think>İİİİİİ</think>The answer."], "The answer.", "end"],
    ["twice", ["<think></think>\n<think>SECRET</think>The answer."], "The answer.", "end"],
    ["never closed", ["<think>SECRET and", " more SECRET"], "", "thoughts-only"],
    ["and nothing behind them", ["<think>SECRET</think>", "\n"], "", "thoughts-only"],
    ["spoken of later", ["The tag <think> opens, </think> closes."], "The tag <think> opens, </think> closes.", "end"],
    ["that are none", ["<thing> is no tag"], "<thing> is no tag", "end"],
    ["begun and never ended", ["<thi"], "<thi", "end"],
  ];
  test.each(tagged)("takes thoughts in the text for thoughts: %s", async (_, pieces, text, reason) => {
    const events = await generate(wire.begin, ...pieces.map((piece) => wire.say(piece)), wire.end("end", USAGE));
    expect([textOf(events).trim(), ...events.slice(-2)]).toEqual([text, bill, stop(reason)]);
  });

  const closed: readonly [string, readonly string[], StopReason][] = [
    ["words", [wire.say("whole")], "end"],
    ["thoughts", [wire.think], "thoughts-only"],
    ["a call for a tool", [wire.callTool], "tool-calls"],
    ["nothing", [], "empty"],
  ];
  test.each(closed)(
    "takes the mark at the end for the end, without a word for why: after %s",
    async (_, steps, reason) => {
      expect((await generate(wire.begin, ...steps, wire.close)).at(-1)).toEqual(stop(reason));
    },
  );

  test("does not miss the mark where its last line has no end", async () => {
    expect((await generate(wire.begin, wire.say("whole"), wire.close.trimEnd())).at(-1)).toEqual(stop("end"));
  });

  test("takes a word that nobody knows for an end, and does without the mark behind it", async () => {
    const events = await generate(wire.begin, wire.say("whole"), wire.finish("whatever", USAGE));
    expect(events.at(-1)).toEqual(stop("end"));
  });

  test.each(["error", "network_error"])("takes its vendor's %s for a broken line", async (word) => {
    const script = { steps: [wire.begin, wire.say("half"), wire.finish(word, USAGE), wire.close] };
    expect((await failureOf(play(script))).code).toBe("connection-lost");
  });

  test("counts what was billed before the line broke", async () => {
    const script = { steps: [wire.begin, wire.say("half"), wire.finish("error", USAGE), wire.close] };
    const events: ModelEvent[] = [];
    const reading = (async () => {
      for await (const event of play(script).generate(PROMPT, new AbortController().signal)) events.push(event);
    })();
    await expect(reading).rejects.toThrow(BotError);
    expect(events).toContainEqual(bill);
  });

  test.each(["half", ""])(
    "tells a stream that ends within an event for broken, with what stands above: %j",
    async (said) => {
      const event = wire.say("the other half");
      const begun = said ? [wire.begin, wire.say(said)] : [wire.begin];
      const failure = await failureOf(play({ steps: [...begun, event.slice(0, event.length / 2)] }));
      expect([failure.code, isRetryable(failure)]).toEqual(["connection-lost", true]);
      expect(failure.phrase.en.includes("stands above")).toBe(said !== "");
      expect(failure.phrase["zh-TW"].includes("上面的內容不完整")).toBe(said !== "");
    },
  );

  test("skips null among its events", async () => {
    const nothing = "data: null\n\n";
    const events = await generate(nothing, wire.begin, nothing, wire.say("a"), nothing, wire.end("end", USAGE));
    expect([textOf(events), events.at(-1)]).toEqual(["a", stop("end")]);
  });

  test("does not take in, nor ask again for, one event without an end", async () => {
    const piece = "x".repeat(1_000_000);
    const [before = "", after = ""] = wire.say("MUCH").split("MUCH");
    const steps = [wire.begin, before, ...Array.from({ length: 5 }, () => piece), after];
    const failure = await failureOf(play({ steps }));
    expect([failure.code, isRetryable(failure)]).toEqual(["too-large", false]);
  });

  const whole: readonly [string, WholeAnswer, StopReason][] = [
    ["words", { text: ANSWER, stop: "end", usage: USAGE }, "end"],
    ["words after thoughts", { text: ANSWER, thoughts: "hm", stop: "end", usage: USAGE }, "end"],
    ["words up to the limit", { text: ANSWER, stop: "length", usage: USAGE }, "length"],
    ["thoughts", { thoughts: "hm", stop: "length", usage: USAGE }, "length"],
    ["a call for a tool", { callsTool: true, stop: "tool-calls", usage: USAGE }, "tool-calls"],
    ["nothing", { stop: "end", usage: USAGE }, "empty"],
  ];
  test.each(whole)("takes an answer that did not stream: %s", async (_, answer, reason) => {
    const body = JSON.stringify(wire.whole(answer));
    for (const type of ["application/json", "text/event-stream", "application/json; charset=utf-8"]) {
      const script = { headers: { "content-type": type }, steps: [body.slice(0, 9), body.slice(9)] };
      const events = await collect(play(script).generate(PROMPT, new AbortController().signal));
      expect([textOf(events), ...events.slice(-2)]).toEqual([answer.text ?? "", bill, stop(reason)]);
    }
  });
}

export function modelContract(wire: WireDialect): void {
  describe(`${wire.provider} keeps the contract`, () => {
    let server: VendorServer;
    beforeEach(async () => {
      server = await startVendor();
    });
    afterEach(async () => {
      await server[Symbol.asyncDispose]();
    });

    const model = (script: Script, speed = 1) => {
      server.play(script);
      return createModels(wire.env(server.url), liveRuntime(speed)).pick(`${wire.provider}/${wire.id}`);
    };
    /** Over a clock on which only the silence within an answer is short: its beginning may take as long as it does. */
    const falling = (script: Script) => {
      server.play(script);
      const live = liveRuntime();
      const sleep: Runtime["sleep"] = (ms, signal) => live.sleep(ms > LIMITS.silence ? ms : ms / 100, signal);
      return createModels(wire.env(server.url), { ...live, sleep }).pick(`${wire.provider}/${wire.id}`);
    };
    const answering = (...steps: readonly Step[]): Script => ({ steps: [wire.begin, ...steps] });

    const whole = [...PIECES.map((piece) => wire.say(piece)), wire.end("end", USAGE)];

    // The vendor's package is loaded with the first question, which would count against the short limits below.
    beforeAll(async () => {
      await using warm = await startVendor();
      warm.play(answering(...whole));
      const first = createModels(wire.env(warm.url), liveRuntime()).pick(wire.provider);
      await collect(first.generate(PROMPT, new AbortController().signal));
    });

    test("streams the text as it comes, then usage, then the stop", async () => {
      const events = await collect(model(answering(...whole)).generate(PROMPT, new AbortController().signal));
      expect(textOf(events)).toBe(ANSWER);
      expect(events.filter(({ type }) => type === "text").length).toBeGreaterThan(5);
      expect(events.slice(-2)).toEqual([
        { type: "usage", ...USAGE },
        { type: "stop", reason: "end" },
      ]);
      expect(server.seen).toHaveLength(1);
      expect(server.seen[0]?.path).toBe(wire.path);
      expect(server.seen[0]?.body).toMatchObject({ model: wire.id, stream: true });
      expect(wire.key.sent(server.seen[0]?.headers ?? {})).toBe(wire.key.value);
    });

    test("puts characters together that the network cut through", async () => {
      const bytes = new TextEncoder().encode(whole.join(""));
      const cut = Array.from({ length: Math.ceil(bytes.length / 97) }, (_, i) => bytes.subarray(i * 97, i * 97 + 97));
      const events = await collect(model(answering(...cut)).generate(PROMPT, new AbortController().signal));
      expect(textOf(events)).toBe(ANSWER);
    });

    test("yields the first words before the last ones are written", async () => {
      const stream = model(answering(wire.say("先"), HANG)).generate(PROMPT, new AbortController().signal);
      const events = stream[Symbol.asyncIterator]();
      expect((await events.next()).value).toEqual({ type: "text", text: "先" });
      await events.return?.();
      await server.seen[0]?.left;
    });

    test("keeps the limits that it is asked for", async () => {
      const prompt = { ...PROMPT, maxTokens: 300, temperature: 0.2 };
      await collect(model(answering(...whole)).generate(prompt, new AbortController().signal));
      const { max_tokens: old, max_completion_tokens: new_ } = server.seen[0]?.body ?? {};
      expect(Number(old ?? new_)).toBeGreaterThanOrEqual(300);
    });

    test("sends system text, conversation and fenced passages", async () => {
      const messages = [
        { role: "user", text: "嗨" },
        { role: "assistant", text: "你好" },
        { role: "user", text: "遠端呢？" },
      ] as const;
      const passage = { documentId: "d", title: "手冊", headings: [], text: "每週三日。", start: 0, end: 5, score: 1 };
      const prompt = { ...PROMPT, messages, passages: [{ ...passage, quote: { start: 0, end: 5 } }] };
      await collect(model(answering(...whole)).generate(prompt, new AbortController().signal));
      const sent = JSON.stringify(server.seen[0]?.body);
      for (const words of ["You are Heed.", "嗨", "你好", "遠端呢？", "每週三日。"]) expect(sent).toContain(words);
      const said = server.seen[0]?.body.messages as { role: string }[] | undefined;
      expect(said?.at(-1)?.role).toBe("user");
    });

    const codes: readonly [Fault, ErrorCode][] = [
      ["bad-key", "bad-key"],
      ["no-credit", "bad-key"],
      ["no-such-model", "no-such-model"],
      ["context-too-long", "context-too-long"],
      ["refused", "refused"],
      ["rate-limited", "rate-limited"],
    ];
    test.each(codes)("names its vendor's failure: %s", async (fault, code) => {
      const failure = await failureOf(model(wire.fail(fault)));
      expect(failure.code).toBe(code);
      expect(failure.retryAfterMs).toBe(fault === "rate-limited" ? 7000 : undefined);
      expect(isRetryable(failure)).toBe(code === "rate-limited");
      // The queue tries again, so the package must not.
      expect(server.seen).toHaveLength(1);
    });

    test("names the variable of a bad key, and never the key, not even in the log", async () => {
      const failure = await failureOf(model(wire.fail("bad-key")));
      for (const words of Object.values(failure.phrase)) expect(words).toContain(wire.key.variable);
      expect(failure.cause).toBeInstanceOf(Error);
      expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(wire.key.value);
    });

    test("lists what is configured where a model is not there", async () => {
      const { phrase } = await failureOf(model(wire.fail("no-such-model")));
      for (const words of Object.values(phrase)) expect(words).toContain(wire.id);
    });

    const statuses: readonly [number, ErrorCode][] = [
      [500, "unavailable"],
      [502, "unavailable"],
      [503, "overloaded"],
      [529, "overloaded"],
      [422, "misconfigured"],
    ];
    test.each(statuses)("answers status %i without a body of its own", async (status, code) => {
      const page = { status, headers: { "content-type": "text/html", "retry-after": "0" }, steps: ["<h1>no</h1>"] };
      const failure = await failureOf(model(page));
      expect(failure.code).toBe(code);
      expect(inspect(failure.phrase)).not.toContain("h1");
    });

    const waits: readonly [Record<string, string>, (ms: number | undefined) => boolean][] = [
      [{ "retry-after": "1.5" }, (ms) => ms === 1500],
      [{ "retry-after-ms": "250", "retry-after": "9" }, (ms) => ms === 250],
      [{ "retry-after": new Date(Date.now() + 1_800_000).toUTCString() }, (ms) => ms! > 1_000_000 && ms! <= 1_800_000],
      [{ "retry-after": new Date(0).toUTCString() }, (ms) => ms === 0],
      [{ "retry-after": "soon" }, (ms) => ms === undefined],
      [{}, (ms) => ms === undefined],
    ];
    test.each(waits)("reads how long to wait: %j", async (headers, right) => {
      const script = wire.fail("rate-limited");
      const failure = await failureOf(
        model({ ...script, headers: { "content-type": "application/json", ...headers } }),
      );
      expect([failure.code, right(failure.retryAfterMs)]).toEqual(["rate-limited", true]);
    });

    test("knows a connection that broke in the middle", async () => {
      const broken = model(answering(wire.say("half an"), { pause: 20 }, RESET));
      const failure = await failureOf(broken);
      expect([failure.code, isRetryable(failure)]).toEqual(["connection-lost", true]);
    });

    test("knows an answer that ends without its end", async () => {
      expect((await failureOf(model(answering(wire.say("half an"))))).code).toBe("connection-lost");
    });

    test("passes on what came before it broke", async () => {
      const stream = model(answering(wire.say("half an"), { pause: 20 }, RESET));
      const events: ModelEvent[] = [];
      const reading = (async () => {
        for await (const event of stream.generate(PROMPT, new AbortController().signal)) events.push(event);
      })();
      await expect(reading).rejects.toThrow(BotError);
      expect(textOf(events)).toBe("half an");
    });

    test("says that nobody is there", async () => {
      await server[Symbol.asyncDispose]();
      const failure = await failureOf(model({ steps: [] }));
      expect([failure.code, isRetryable(failure)]).toEqual(["unavailable", true]);
      expect(failure.phrase["zh-TW"]).toContain("連不上");
      server = await startVendor();
    });

    const garbage: readonly [string, Script][] = [
      ["broken JSON", { steps: ["data: {broken\n\n"] }],
      ["a page", { headers: { "content-type": "text/html" }, steps: ["<html>please log in</html>"] }],
      ["nothing", { steps: [] }],
      ["null", { steps: ["data: null\n\n"] }],
    ];
    test.each(garbage)("is not fooled by garbage: %s", async (_, script) => {
      expect((await failureOf(model(script))).code).toBe("unavailable");
    });

    test("gives up on a model that does not begin", async () => {
      const failure = await failureOf(model(answering(HANG), 200));
      expect([failure.code, isRetryable(failure)]).toEqual(["timeout", true]);
      await server.seen[0]?.left;
    });

    test("gives up on a model that never ends", async () => {
      server.play(answering(wire.say("and "), wire.say("on "), HANG));
      // A clock that leaps: ten minutes are over with the third look at it.
      let time = 0;
      const runtime = { ...liveRuntime(), now: () => (time += 200_000) };
      const endless = createModels(wire.env(server.url), runtime).pick(`${wire.provider}/${wire.id}`);
      const failure = await failureOf(endless);
      expect([failure.code, failure.phrase.en]).toEqual(["timeout", expect.stringContaining("still writing")]);
      await server.seen[0]?.left;
    });

    test("gives up on a model that falls silent", async () => {
      const failure = await failureOf(falling(answering(wire.say("half an"), HANG)));
      expect(failure.code).toBe("timeout");
      expect(failure.phrase.en).toMatch(/fell silent .*What stands above is incomplete\.$/);
      await server.seen[0]?.left;
    });

    test("closes the request and throws the reason as soon as it is told to stop", async () => {
      const stop = new AbortController();
      const reason = new Error("the person pressed Stop");
      const reading = (async () => {
        for await (const event of model(answering(wire.say("half"), HANG)).generate(PROMPT, stop.signal)) {
          if (event.type === "text") stop.abort(reason);
        }
      })();
      await expect(reading).rejects.toBe(reason);
      await server.seen[0]?.left;
    });

    test("sends nothing where it was told to stop before it began", async () => {
      const reason = new Error("too late");
      const stream = model(answering(...whole)).generate(PROMPT, AbortSignal.abort(reason));
      await expect(collect(stream)).rejects.toBe(reason);
      expect(server.seen).toEqual([]);
    });

    test("takes thinking for a sign of life, and keeps it to itself", async () => {
      const thoughtful = model(answering(wire.think, wire.think, ...whole));
      expect(textOf(await collect(thoughtful.generate(PROMPT, new AbortController().signal)))).toBe(ANSWER);
      const stuck = await failureOf(falling(answering(wire.think, HANG)));
      expect([stuck.code, stuck.phrase.en]).toEqual(["timeout", expect.stringContaining("fell silent")]);
      expect(stuck.phrase.en).not.toContain("stands above");
    });

    test.each(["overloaded", "rate-limited"] as const)("finds a failure inside the answer: %s", async (kind) => {
      const failure = await failureOf(model(answering(wire.say("half"), wire.failWithin(kind))));
      expect(failure.code).toBe(kind);
      expect(failure.phrase.en).toMatch(/What stands above is incomplete\.$/);
      expect((await failureOf(model(answering(wire.failWithin(kind))))).phrase.en).not.toContain("stands above");
    });

    test("finds a failure in place of the answer, under status 200", async () => {
      const [, data = ""] = wire.failWithin("overloaded").split("data: ");
      const failure = await failureOf(model({ headers: { "content-type": "application/json" }, steps: [data.trim()] }));
      expect([failure.code, isRetryable(failure)]).toEqual(["overloaded", true]);
    });

    describeEndings(wire, { play: model, seen: () => server.seen.length });
  });
}
