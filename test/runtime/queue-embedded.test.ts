import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "@jest/globals";
import { describeQueue } from "../contracts/queue.ts";
import { createQueueRig } from "../fakes/queue-rig.ts";

describe("the queue in the data folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "heed-queue-"));
  const rig = createQueueRig(() => ({ HEED_DATA_DIR: folder }));
  // PostgreSQL is created once, which on a busy machine takes longer than a test may.
  beforeAll(async () => {
    await rig.open();
    await rig.reset();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  describe("keeps the contract", () => describeQueue(rig));
});
