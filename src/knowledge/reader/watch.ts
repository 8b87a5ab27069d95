// The thread beside a reader that ends their process where it takes too much memory, or is left alone, even in the middle of a loop.

import { workerData } from "node:worker_threads";

const PAUSE_MS = 50;
const memory = workerData as number;
const parent = process.ppid;

setInterval(() => {
  if (process.memoryUsage.rss() > memory || process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, PAUSE_MS);
