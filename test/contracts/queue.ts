// What every queue must do, whatever it is kept in.

import { afterEach, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import type { Invocation } from "../../src/core/invocation.ts";
import { emptyPost, finish, type Post } from "../../src/core/post.ts";
import type { Attempt, Handler } from "../../src/core/queue.ts";
import type { DurableQueue } from "../../src/runtime/queue/open-queue.ts";
import { invocation } from "../fakes/toolbox.ts";
import { eventually, PATIENCE_MS, succeeds } from "../fakes/wait.ts";

export { eventually, succeeds };

export interface QueueRig {
  /** Opens the queue that an earlier one left; closes with the test. */
  open(settings?: Record<string, string>): Promise<DurableQueue>;
  /** Empties it and closes what the test opened. */
  reset(): Promise<void>;
}

const done: Post = finish(emptyPost("en"));
const busy = new BotError("rate-limited", { en: "busy", "zh-TW": "忙碌" }, { retryAfterMs: 10 });

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A handler that keeps what it was called with. */
export function recorder(run: Handler = async () => done) {
  const calls: { invocation: Invocation; attempt: Attempt }[] = [];
  const handler: Handler = (invocation, attempt) => {
    calls.push({ invocation, attempt });
    return run(invocation, attempt);
  };
  return { calls, handler, ids: () => calls.map(({ invocation }) => invocation.id) };
}

/** Runs until its attempt is ended from outside, then throws the reason. */
export const untilEnded: Handler = (_, { signal }) =>
  new Promise((_resolve, reject) => {
    const end = () => reject(new Error(String(signal.reason)));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  });

const from = (workspace: string) =>
  invocation("/ask a", { address: { platform: "test", workspace, channel: "c", privacy: "public", data: null } });

export function describeQueue(rig: QueueRig): void {
  afterEach(() => rig.reset());

  test("what is added is worked on and can be recalled with its receipt", async () => {
    const queue = await rig.open();
    const asked = invocation("/ask What is attention?");
    const { handler, calls } = recorder(async (_, attempt) => {
      await attempt.keep({ message: 7 });
      return done;
    });
    await queue.add(asked);
    expect(await queue.recall(asked.id)).toBeUndefined();
    await queue.work(handler, 4);
    expect(await eventually(() => queue.recall(asked.id))).toEqual({
      invocation: asked,
      post: done,
      receipt: { message: 7 },
    });
    expect(calls[0]!.attempt).toMatchObject({ number: 1, isLast: false, isExhausted: false, isFirst: true });
  });

  test("the same id runs once, also when it comes again after the answer", async () => {
    const queue = await rig.open();
    const asked = invocation("/ask once");
    const { handler, calls } = recorder();
    await Promise.all([queue.add(asked), queue.add(asked)]);
    await queue.work(handler, 4);
    await eventually(() => queue.recall(asked.id));
    await queue.add(asked);
    await queue.settle(5000);
    expect(calls).toHaveLength(1);
  });

  test("an error that may pass is tried again, with the receipt and the answer that the first try left", async () => {
    const queue = await rig.open();
    const asked = invocation("/ask again");
    const post = { ...done, status: "kept" };
    const { handler, calls } = recorder(async (_, attempt) => {
      await attempt.keep({ at: attempt.number });
      await attempt.saveFinished(post);
      if (attempt.number < 3) throw busy;
      return post;
    });
    await queue.add(asked);
    await queue.work(handler, 4);
    expect(await eventually(() => queue.recall(asked.id))).toMatchObject({ post, receipt: { at: 3 } });
    const seen = calls.map(({ attempt: { number, receipt, finishedPost, isFirst } }) => ({
      number,
      receipt,
      finishedPost,
      isFirst,
    }));
    expect(seen).toEqual([
      { number: 1, receipt: undefined, finishedPost: undefined, isFirst: true },
      { number: 2, receipt: { at: 1 }, finishedPost: post, isFirst: false },
      { number: 3, receipt: { at: 2 }, finishedPost: post, isFirst: false },
    ]);
  });

  test("what never passes is tried five times, then stands among the failures and can be run again", async () => {
    const queue = await rig.open();
    const asked = invocation("/ask never");
    let isMended = false;
    const { handler, calls } = recorder(async () => {
      if (!isMended) throw busy;
      return done;
    });
    await queue.add(asked);
    await queue.work(handler, 4);
    const [failure] = await eventually(async () => {
      const failures = await queue.failures(10);
      return failures.length > 0 ? failures : undefined;
    });
    expect(failure).toMatchObject({ id: asked.id, command: "ask", workspace: "w1", reason: "rate-limited: busy" });
    expect(calls.map(({ attempt }) => attempt.isLast)).toEqual([false, false, false, false, true]);
    isMended = true;
    expect(await queue.retry(asked.id)).toBe(true);
    await eventually(() => queue.recall(asked.id));
    expect(calls.at(-1)!.attempt).toMatchObject({ number: 1, isFirst: false });
    expect(await queue.retry(asked.id)).toBe(false);
  });

  test("an unforeseen error is not repeated", async () => {
    const queue = await rig.open();
    const { handler, calls } = recorder(async () => {
      throw new TypeError("a defect");
    });
    await queue.add(invocation("/ask break"));
    await queue.work(handler, 4);
    await eventually(async () => (await queue.failures(10)).length);
    expect(calls).toHaveLength(1);
  });

  test("Stop ends a running job, and a waiting one before it does anything", async () => {
    const queue = await rig.open();
    const [running, waiting] = [invocation("/ask long"), invocation("/ask later")];
    const reasons: unknown[] = [];
    const { handler, calls } = recorder(async (asked, attempt) => {
      await untilEnded(asked, attempt).catch(() => reasons.push([asked.id, attempt.signal.reason]));
      return done;
    });
    await queue.work(handler, 1);
    await queue.add(running);
    await eventually(() => calls.length);
    await queue.add(waiting);
    await queue.stop(waiting.id);
    expect(reasons).toEqual([]);
    await queue.stop(running.id);
    await eventually(() => queue.recall(waiting.id));
    expect(reasons).toEqual([
      [running.id, "stopped"],
      [waiting.id, "stopped"],
    ]);
  });

  test("Stop ends the waiting for another try", async () => {
    const queue = await rig.open();
    const asked = invocation("/ask later");
    const { handler, calls } = recorder(async (_, { signal, number }) => {
      if (number === 1) throw new BotError("overloaded", { en: "", "zh-TW": "" }, { retryAfterMs: 60_000 });
      return { ...done, status: String(signal.reason) };
    });
    await queue.work(handler, 1);
    await queue.add(asked);
    await eventually(async () => (await queue.counts()).questions.delayed);
    await queue.stop(asked.id);
    expect(await eventually(() => queue.recall(asked.id))).toMatchObject({ post: { status: "stopped" } });
    expect(calls).toHaveLength(2);
  });

  test("a job that runs when the queue closes is handed back and goes on where it was", async () => {
    const first = await rig.open();
    const asked = invocation("/ask handover");
    const { handler, calls } = recorder(async (asked, attempt) => {
      await attempt.keep({ message: 1 });
      return untilEnded(asked, attempt);
    });
    await first.add(asked);
    await first.work(handler, 1);
    await eventually(() => calls.length);
    await first.close(50);
    expect(calls[0]!.attempt.signal.reason).toBe("handed-over");
    const second = await rig.open();
    const next = recorder();
    await second.work(next.handler, 1);
    await eventually(() => second.recall(asked.id));
    expect(next.calls[0]!.attempt).toMatchObject({ number: 1, isFirst: false, receipt: { message: 1 } });
  });

  test("a running job that ends in time ends well, though the queue closes", async () => {
    const first = await rig.open();
    const asked = invocation("/ask drain");
    const { handler, calls } = recorder(async () => {
      await pause(200);
      return done;
    });
    await first.add(asked);
    await first.work(handler, 1);
    await eventually(() => calls.length);
    await first.close(PATIENCE_MS);
    expect(await (await rig.open()).recall(asked.id)).toMatchObject({ post: done });
    expect(calls[0]!.attempt.signal.aborted).toBe(false);
  });

  test("with too many waiting the asker is told, and what already waits is not refused", async () => {
    const queue = await rig.open({ HEED_QUEUE_LIMIT: "3" });
    const asked = [1, 2, 3].map(() => invocation("/ask many"));
    for (const each of asked) await queue.add(each);
    await expect(queue.add(invocation("/ask more"))).rejects.toMatchObject({
      code: "overloaded",
      phrase: { en: expect.stringMatching(/about a minute/), "zh-TW": expect.stringMatching(/1 分鐘/) },
    });
    await queue.add(asked[0]!);
    const { handler, ids } = recorder();
    await queue.work(handler, 1);
    await queue.settle(PATIENCE_MS);
    expect(ids().toSorted()).toEqual(asked.map(({ id }) => id).toSorted());
  });

  test("what is for later waits until then, also where the queue is closed meanwhile and where many wait", async () => {
    const first = await rig.open({ HEED_QUEUE_LIMIT: "1" });
    const [now, later] = [invocation("/ask now"), invocation("/ask later")];
    await first.add(now);
    const due = Date.now() + 1500;
    await first.add(later, "questions", due);
    await first.close(0);
    const queue = await rig.open();
    const begun = new Map<string, number>();
    await queue.work(async ({ id }) => {
      begun.set(id, Date.now());
      return done;
    }, 1);
    await eventually(() => queue.recall(later.id));
    // On a busy machine the queue may be open again only after that time: what waited already still goes first.
    expect([...begun.keys()]).toEqual([now.id, later.id]);
    expect(begun.get(later.id)).toBeGreaterThanOrEqual(due);
  });

  test("documents wait in a lane of their own", async () => {
    const queue = await rig.open();
    const { handler } = recorder((asked, attempt) =>
      asked.command === "kb" ? untilEnded(asked, attempt) : Promise.resolve(done),
    );
    await queue.work(handler, 1);
    const documents = [1, 2, 3].map(() => invocation("/kb add big.pdf"));
    for (const document of documents) await queue.add(document, "documents");
    const question = invocation("/ask quick");
    await queue.add(question);
    await eventually(() => queue.recall(question.id));
    expect(await queue.counts()).toMatchObject({ documents: { running: 1, waiting: 2 } });
  });

  test("a workspace that asks a hundred times does not hold up one that asks once", async () => {
    const queue = await rig.open();
    const noisy = Array.from({ length: 100 }, () => from("noisy"));
    await Promise.all(noisy.map((each) => queue.add(each)));
    const quiet = [from("quiet"), from("quiet")];
    for (const each of quiet) await queue.add(each);
    const { handler, ids } = recorder();
    await queue.work(handler, 1);
    await queue.settle(PATIENCE_MS);
    expect(ids()).toHaveLength(102);
    expect(ids().indexOf(quiet[0]!.id)).toBeLessThanOrEqual(2);
    expect(ids().indexOf(quiet[1]!.id)).toBeLessThanOrEqual(4);
    // Within one workspace, first come, first served.
    expect(ids().filter((id) => noisy.some((each) => each.id === id))).toEqual(noisy.map(({ id }) => id));
  });

  test("a picture's bytes are not kept", async () => {
    const queue = await rig.open();
    const asked = invocation("/ask picture");
    const picture = { name: "a.png", alt: "a", mediaType: "image/png" as const, bytes: new Uint8Array(9) };
    await queue.add(asked);
    await queue.work(async () => ({ ...done, pictures: [picture] }), 1);
    const { post } = await eventually(() => queue.recall(asked.id));
    expect(JSON.stringify(post.pictures)).not.toContain('"8"');
  });
}
