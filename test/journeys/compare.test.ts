// A comparison in the terminal, as a process of its own: ask, vote, reveal, rank, export.

import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFakeVendor, type FakeVendor } from "../fakes/chat-completions.ts";
import { runHeed } from "./heed-process.ts";

const folder = mkdtempSync(join(tmpdir(), "heed-compare-"));
let vendors: FakeVendor[];
let env: Record<string, string>;

beforeAll(async () => {
  vendors = await Promise.all(
    ["Heads attend in parallel [1].", "One head after the other."].map((answer) =>
      startFakeVendor((stream) => stream.say(answer).end()),
    ),
  );
  env = {
    HEED_DATA_DIR: join(folder, "data"),
    OPENAI_API_KEY: "k",
    OPENAI_BASE_URL: vendors[0]!.url,
    OPENAI_MODEL: "one",
    OLLAMA_BASE_URL: vendors[1]!.url.replace(/\/v1$/, ""),
    OLLAMA_MODEL: "two",
  };
});
afterAll(async () => {
  await Promise.all(vendors.map((vendor) => vendor.close()));
  rmSync(folder, { recursive: true, force: true });
});

describe("in the terminal", () => {
  test("a person compares, votes, reveals and ranks; a later process exports lines that a script can read", async () => {
    const lines = [
      "/compare What is multi-head attention? --kb",
      "/compare --vote A",
      "/compare --reveal",
      "/compare --scores",
    ];
    const { status, output } = await runHeed(env, [], `${lines.join("\n")}\n`);
    expect(status).toBe(0);
    const [blind = "", ...rest] = output.split("1 vote so far");
    expect(blind).toMatch(/## A\n[^]*## B\n/);
    expect(blind).not.toMatch(/openai|ollama/);
    expect(blind).toMatch(/`?\/compare --vote A`?/);
    const after = rest.join("");
    expect(after).toMatch(/## [AB] · openai\/one\n/);
    expect(after).toMatch(/free \(local\)/);
    expect(after).toMatch(/This channel[^]*Rating/);
    for (const { asked } of vendors) expect(asked).toHaveLength(1);

    const exported = await runHeed(env, ["compare", "--export"]);
    const [pair] = exported.output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(pair).toMatchObject({ prompt: "What is multi-head attention?", votes: { chosen: 1, rejected: 0 } });
  });
});
