// Jobs begin as the event loop has time for them, and never stop beginning.

import { expect, test } from "@jest/globals";
import { Invocation } from "../../src/core/invocation.ts";
import { emptyPost } from "../../src/core/post.ts";
import type { Attempt, Handler } from "../../src/core/queue.ts";
import { shedLoad } from "../../workers/shed-load.ts";

const invocation = Invocation.parse({
  id: "1",
  command: "ask",
  input: { text: "q" },
  user: { id: "U", name: "U" },
  address: { platform: "terminal", workspace: "w", channel: "c" },
  receivedAt: 0,
});

const JOBS = 8;
/** By the test's own clock, how long a job runs where not all come to run at once. */
const JOB_MS = 2000;

/** Eight jobs on a loop that is late by so much; the most that ran at once, and how many ended. */
async function run(lateness: number): Promise<{ most: number; ended: number }> {
  let [clock, running, most, ended] = [0, 0, 0, 0];
  const runtime = {
    now: () => clock,
    async sleep(ms: number) {
      clock += ms + lateness;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  const handler: Handler = async () => {
    most = Math.max(most, ++running);
    // The clock moves only while somebody waits to begin.
    const end = clock + JOB_MS;
    const isOver = () => clock >= end || running + ended === JOBS;
    while (!isOver()) await new Promise((resolve) => setImmediate(resolve));
    running--;
    ended++;
    return emptyPost("en");
  };
  const kept = shedLoad(handler, runtime);
  await Promise.all(
    Array.from({ length: JOBS }, () => kept(invocation, { signal: new AbortController().signal } as Attempt)),
  );
  return { most, ended };
}

test("while the loop is in time, all run", async () => {
  expect(await run(0)).toEqual({ most: 8, ended: 8 });
});

test("while it is late, two run at a time, and all come to an end", async () => {
  expect(await run(200)).toEqual({ most: 2, ended: 8 });
});
