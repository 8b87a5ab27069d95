import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "@jest/globals";
import { describeQueue } from "../contracts/queue.ts";
import { createQueueRig } from "../fakes/queue-rig.ts";

describe("the queue in the data folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "heed-queue-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  describeQueue(createQueueRig(() => ({ HEED_DATA_DIR: folder })));
});
