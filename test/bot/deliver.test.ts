import { describe, expect, test } from "@jest/globals";
import { deliver, type Delivery } from "../../src/bot/deliver.ts";
import { BotError } from "../../src/core/errors.ts";
import { type Post, textOf } from "../../src/core/post.ts";
import type { Reply } from "../../src/core/reply.ts";
import type { Json } from "../../src/core/runtime.ts";
import { until } from "../fakes/wait.ts";

const text = (words: string): Reply => ({ type: "text", text: words });

/** A chat that remembers what it was made to show, on a clock that only moves by sleeping and by `takes`. */
function rig(replies: AsyncIterable<Reply>, more: Partial<Delivery> & { takes?: number; refuses?: number } = {}) {
  const shown: { post: Post; at: number }[] = [];
  const tries: number[] = [];
  const kept: Json[] = [];
  let now = 0;
  let refusals = more.refuses ?? 0;
  const delivery: Delivery = {
    replies,
    language: "en",
    outbox: {
      pace: 1000,
      async show(post) {
        now += more.takes ?? 0;
        tries.push(now);
        if (refusals-- > 0) throw new Error("the chat is away");
        shown.push({ post, at: now });
        return { message: 7 };
      },
    },
    runtime: {
      now: () => now,
      async sleep(ms) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        now += ms;
      },
    },
    keep: async (receipt) => void kept.push(receipt),
    saveFinished: async () => {},
    leaves: () => false,
    waits: () => undefined,
    signal: new AbortController().signal,
    ...more,
  };
  return { delivery, shown, kept, tries };
}

async function* say(...words: string[]): AsyncGenerator<Reply> {
  for (const word of words) {
    yield text(word);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe("deliver", () => {
  test("shows the first reply at once, the rest no faster than the pace, and all of it at the end", async () => {
    const { delivery, shown } = rig(say("a", "b", "c", "d", "e"));
    await deliver(delivery);
    expect(textOf(shown[0]!.post)).toBe("a");
    expect(textOf(shown.at(-1)!.post)).toBe("abcde");
    expect(shown.at(-1)!.post.state).toBe("done");
    const gaps = shown.slice(1).map(({ at }, i) => at - shown[i]!.at);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
  });

  test("shows what was said even when nothing more comes for a long time", async () => {
    const { promise: silence, resolve: speak } = Promise.withResolvers<void>();
    const { delivery, shown } = rig(
      (async function* () {
        yield text("a");
        yield text("b");
        await silence;
        yield text("c");
      })(),
    );
    const delivered = deliver(delivery);
    await until(() => shown.length > 0 && textOf(shown.at(-1)!.post) === "ab");
    speak();
    await delivered;
  });

  test("keeps the receipt once, before the second show", async () => {
    const { delivery, kept, shown } = rig(say("a", "b", "c"));
    await deliver(delivery);
    expect(shown.length).toBeGreaterThan(1);
    expect(kept).toEqual([{ message: 7 }]);
  });

  test("a failure leaves what was said and shows the reason in the person's language", async () => {
    const reason = new BotError("bad-key", { en: "bad key", "zh-TW": "金鑰不對" });
    const { delivery, shown } = rig(
      (async function* () {
        yield text("half");
        throw reason;
      })(),
      { language: "zh-TW" },
    );
    const { post, failure } = await deliver(delivery);
    expect(failure).toEqual({ error: reason });
    expect(post).toMatchObject({ state: "failed", status: "金鑰不對" });
    expect(shown.at(-1)!.post).toBe(post);
    expect(textOf(post)).toBe("half");
  });

  test("a failure that will be tried again is shown as waiting, not as failed", async () => {
    const { delivery, shown } = rig(
      (async function* (): AsyncGenerator<Reply> {
        throw new BotError("rate-limited", { en: "busy", "zh-TW": "忙碌" });
      })(),
      { waits: () => ({ en: "waiting", "zh-TW": "等候中" }) },
    );
    await deliver(delivery);
    expect(shown.map(({ post }) => [post.state, post.status])).toEqual([["working", "waiting"]]);
  });

  test("a chat that cannot be shown the post ends the delivery with that error", async () => {
    const { delivery } = rig(say("a", "b"), { refuses: 99 });
    await expect(deliver(delivery)).rejects.toThrow("the chat is away");
  });

  test("the end is tried once, even where a show was on its way when it came", async () => {
    const { delivery, tries } = rig(say("a", "b"), { refuses: 99 });
    const ends: string[] = [];
    const { outbox } = delivery;
    const show: typeof outbox.show = (post, signal) => {
      ends.push(post.state);
      return outbox.show(post, signal);
    };
    await expect(deliver({ ...delivery, outbox: { pace: 1000, show } })).rejects.toThrow("the chat is away");
    expect(ends.filter((state) => state === "done")).toHaveLength(1);
    expect(tries.length).toBe(ends.length);
  });

  test("a chat that was away for a moment is shown the whole in the end, and is not pressed meanwhile", async () => {
    const { delivery, shown, tries } = rig(say("a", "b", "c", "d"), { refuses: 2 });
    await deliver(delivery);
    expect(shown.at(-1)!.post.state).toBe("done");
    expect(textOf(shown.at(-1)!.post)).toBe("abcd");
    expect(Math.min(...tries.slice(1).map((at, i) => at - tries[i]!))).toBeGreaterThanOrEqual(1000);
  });

  test("an unforeseen error is not told to the chat", async () => {
    const { delivery, shown } = rig(
      (async function* (): AsyncGenerator<Reply> {
        throw new TypeError("secret internals");
      })(),
    );
    await deliver(delivery);
    expect(JSON.stringify(shown)).not.toContain("secret internals");
    expect(shown.at(-1)!.post.status).toMatch(/broke on my side/);
  });
});
