// A worker process that does what it is asked to: answer, refuse, fail, loop, hoard memory, or end.

import { BotError } from "../../src/core/errors.ts";
import { createWorkerLog, serveRequests } from "../../src/core/worker-rpc.ts";

const log = createWorkerLog();
const hoard: unknown[] = [];

const WORK: Readonly<Record<string, () => unknown>> = {
  answer: () => ({ keys: Object.keys(process.env), id: process.pid }),
  refuse: () => {
    throw new BotError("unreadable", { en: "A scan.", "zh-TW": "是掃描檔。" }, { cause: new Error("why") });
  },
  fail: () => {
    throw new RangeError("not foreseen");
  },
  log: () => log.warn("seen", { name: "a.md", error: new Error("damaged"), count: 2 }),
  loop: () => {
    for (;;) hoard.length = 0;
  },
  hoard: () => {
    for (;;) hoard.push(Array<number>(1_000_000).fill(0.5));
  },
  end: () => process.exit(3),
};

log.debug("started");
serveRequests((what: string) => Promise.resolve().then(() => WORK[what]!()));
