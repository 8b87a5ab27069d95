// Which threads Heed takes part in, and what was asked in which message: kept for all processes.

import { z } from "zod";
import type { Records } from "../../src/core/records.ts";
import { Asked, keys, REMEMBERED_MS, toJson } from "./place.ts";

/** A thread that Heed has answered in. */
const Thread = z.object({
  /** What the conversation is remembered by. */
  memory: z.string(),
  /** Who asked the newest question. */
  asker: z.string().optional(),
});
export type Thread = z.infer<typeof Thread>;

export interface Spot {
  team: string;
  channel: string;
}

export class Threads {
  readonly #records: Records;

  constructor(records: Records) {
    this.#records = records;
  }

  async find({ team, channel }: Spot, ts: string): Promise<Thread | undefined> {
    const record = await this.#records.get(keys.thread(team, channel, ts));
    return record === undefined ? undefined : Thread.parse(record);
  }

  /** A question was asked in a thread, which from now on is a conversation with Heed. */
  async join({ team, channel }: Spot, ts: string, thread: Thread): Promise<void> {
    await this.#records.set(keys.thread(team, channel, ts), toJson(thread), REMEMBERED_MS);
  }

  async asked({ team, channel }: Spot, ts: string): Promise<Asked | undefined> {
    const record = await this.#records.get(keys.asked(team, channel, ts));
    return record === undefined ? undefined : Asked.parse(record);
  }

  /** From now on this job owns the answer to a message; what stands there is kept for it to edit. */
  async own({ team, channel }: Spot, ts: string, owner: string): Promise<void> {
    const keep = (old: unknown) => {
      const { receipt } = old === undefined ? {} : Asked.parse(old);
      return { owner, ...(receipt && { receipt }) };
    };
    await this.#records.update(keys.asked(team, channel, ts), keep, REMEMBERED_MS);
  }

  /** The job whose answer a streamed message is. */
  async streamOf({ team, channel }: Spot, ts: string): Promise<string | undefined> {
    const id = await this.#records.get(keys.stream(team, channel, ts));
    return typeof id === "string" ? id : undefined;
  }
}
