// Votes: pure rules, then many people at once over real records.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Redis } from "ioredis";
import { Ballot, keys } from "../../../src/commands/compare/records.ts";
import { toJson } from "../../../src/core/json.ts";
import { cast, castInto, choicesOf, isRevealed, tally } from "../../../src/commands/compare/votes.ts";
import type { Records } from "../../../src/core/records.ts";
import { openEmbeddedRecords } from "../../../src/runtime/records-embedded.ts";
import { describeWithRedis, RedisServer } from "../../fakes/redis-server.ts";

const ballot = (more: Partial<Ballot> = {}): Ballot => ({
  channel: "c1",
  language: "en",
  topic: "other",
  models: ["a/1", "b/2", "c/3"],
  letters: ["A", "B", "C"],
  at: 0,
  after: 1000,
  until: 1000,
  votes: {},
  casts: 0,
  ...more,
});

describe("cast", () => {
  const vote = fc.record({
    voter: fc.constantFrom("u", "v", "w", "x"),
    choice: fc.constantFrom("A", "B", "C", "tie", "bad", "Z", ""),
  });

  test("one vote a person, the last before the reveal; nothing after it", () => {
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 20 }), fc.integer({ min: 1, max: 4 }), (votes, after) => {
        let now = ballot({ after });
        const expected = new Map<string, string>();
        for (const { voter, choice } of votes) {
          const open = expected.size < after;
          const valid = ["A", "B", "C", "tie", "bad"].includes(choice);
          const done = cast(now, voter, choice, 5);
          expect(done.verdict).toBe(open ? (valid ? "counted" : "unknown-letter") : "closed");
          if (open && valid) expected.set(voter, choice);
          now = done.ballot;
        }
        expect(now.votes).toEqual(Object.fromEntries(expected));
        expect(isRevealed(now, 5)).toBe(expected.size >= after);
        expect([...tally(now).values()].reduce((a, b) => a + b, 0)).toBe(expected.size);
      }),
    );
  });

  test("the time closes it as well", () => {
    expect(cast(ballot(), "u", "A", 1000).verdict).toBe("closed");
  });

  test("a model that failed can neither win nor lose", () => {
    const one = ballot({ letters: ["A", "C"], votes: { u: "C", v: "tie", w: "bad" } });
    expect(cast(one, "x", "B", 5).verdict).toBe("unknown-letter");
    expect(choicesOf(one, ["A", "B", "C"])).toEqual([
      { options: ["a/1", "c/3"], winners: ["c/3"] },
      { options: ["a/1", "c/3"], winners: ["a/1", "c/3"] },
    ]);
  });
});

/** Many people vote and change their minds at once; each is counted once, with the last word they heard confirmed. */
async function crowd(stores: readonly Records[], people: number): Promise<void> {
  const id = `crowd-${people}`;
  const records = stores[0]!;
  await records.set(keys.ballot("w1", id), toJson(ballot({ until: 1e15 })));
  let turn = 0;
  const vote = (voter: string, choice: string) =>
    castInto(stores[turn++ % stores.length]!, { workspace: "w1", id, voter, choice, now: 5 });
  const first = await Promise.all(Array.from({ length: people }, (_, i) => vote(`p${i}`, "ABC"[i % 3]!)));
  expect(first.every((done) => done?.verdict === "counted")).toBe(true);
  await Promise.all(Array.from({ length: people }, (_, i) => vote(`p${i}`, "CAB"[i % 3]!)));
  const kept = Ballot.parse(await records.get(keys.ballot("w1", id)));
  expect(Object.keys(kept.votes)).toHaveLength(people);
  for (let i = 0; i < people; i++) expect(kept.votes[`p${i}`]).toBe("CAB"[i % 3]);
}

/** The reveal falls between two votes: exactly as many count as were asked for. */
async function rush(records: Records): Promise<void> {
  await records.set(keys.ballot("w1", "rush"), toJson(ballot({ until: 1e15, after: 5 })));
  const done = await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      castInto(records, { workspace: "w1", id: "rush", voter: `p${i}`, choice: "A", now: 5 }),
    ),
  );
  expect(done.filter((each) => each?.verdict === "counted")).toHaveLength(5);
  expect(done.filter((each) => each?.verdict === "closed")).toHaveLength(7);
}

describe("many at once, in the data folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "heed-votes-"));
  const records = openEmbeddedRecords(join(folder, "records.sqlite"), () => 5);
  afterAll(async () => {
    await records.close();
    rmSync(folder, { recursive: true });
  });

  test("everyone is counted once", () => crowd([records], 200));
  test("not one vote more than the reveal waits for", () => rush(records));
  test("a ballot that is not there is not made", async () => {
    expect(await castInto(records, { workspace: "w2", id: "rush", voter: "p", choice: "A", now: 5 })).toBeUndefined();
    expect(await records.list("compare/ballot/w2", 5)).toEqual([]);
  });
});

describeWithRedis("many at once, in Redis", () => {
  let server: RedisServer;
  let clients: readonly Redis[];
  let stores: readonly Records[];
  beforeAll(async () => {
    server = await RedisServer.start();
    const [client, { createRedisRecords }] = await Promise.all([
      import("ioredis"),
      import("../../../src/runtime/records-redis.ts"),
    ]);
    // As many as there would be worker processes.
    clients = [1, 2, 3].map(() => new client.Redis(server.url));
    stores = clients.map((redis) => createRedisRecords(redis));
  });
  afterAll(async () => {
    for (const redis of clients) redis.disconnect();
    await server.end();
  });

  test("everyone is counted once", () => crowd(stores, 150));
  test("not one vote more than the reveal waits for", () => rush(stores[1]!));
});
