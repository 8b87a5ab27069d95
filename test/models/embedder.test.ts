// Vendors' embeddings on the wire, and the way from HEED_EMBEDDER to them.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import type { Embedder } from "../../src/core/knowledge.ts";
import { chooseEmbedder } from "../../src/models/index.ts";
import { mistralWire, ollamaWire, openaiWire } from "../fakes/dialects.ts";
import { HANG, liveRuntime, startVendor, type Script, type VendorServer } from "../fakes/vendor.ts";

const signal = new AbortController().signal;
const BUNDLED: Embedder = { name: "bundled/use-lite", languages: ["en"], embed: () => Promise.resolve([]) };

const json = (body: unknown, status = 200): Script => ({
  status,
  headers: { "content-type": "application/json" },
  steps: [JSON.stringify(body)],
});
const vectors = (...rows: readonly (readonly [index: number, embedding: readonly unknown[]])[]): Script =>
  json({
    id: "e1",
    object: "list",
    model: "m",
    data: rows.map(([index, embedding]) => ({ object: "embedding", index, embedding })),
    usage: { prompt_tokens: 3, completion_tokens: 0, total_tokens: 3 },
  });

describe.each([openaiWire, mistralWire, ollamaWire])("$provider embeds", (wire) => {
  let server: VendorServer;
  beforeEach(async () => void (server = await startVendor()));
  afterEach(async () => {
    await server[Symbol.asyncDispose]();
  });

  const embedder = (script: Script, speed = 1) => {
    server.play(script);
    return chooseEmbedder(
      { ...wire.env(server.url), HEED_EMBEDDER: `${wire.provider}/embed-1` },
      liveRuntime(speed),
      BUNDLED,
    )!;
  };
  const failure = (script: Script) =>
    embedder(script)
      .embed(["a"], signal)
      .then(
        () => undefined,
        (error: unknown) => (error instanceof BotError ? error.code : error),
      );

  test("one vector a text, in the order of the texts and of length 1", async () => {
    const asked = embedder(vectors([1, [0, -2]], [0, [3, 4]]));
    expect(asked.name).toBe(`${wire.provider}/embed-1`);
    expect(asked.languages).toBeUndefined();
    const [first, second] = await asked.embed(["蘋果", "pears"], signal);
    expect([...first!].map((each) => each.toFixed(3))).toEqual(["0.600", "0.800"]);
    expect([...second!]).toEqual([0, -1]);
    expect(server.seen[0]?.path).toMatch(/\/v1\/embeddings$/);
    expect(server.seen[0]?.body).toMatchObject({ model: "embed-1", input: ["蘋果", "pears"] });
    expect(wire.key.sent(server.seen[0]?.headers ?? {})).toBe(wire.key.value);
  });

  test("what fails is told in the codes that all models share", async () => {
    expect(await failure(wire.fail("bad-key"))).toBe("bad-key");
    expect(await failure(wire.fail("rate-limited"))).toBe("rate-limited");
    expect(await failure(wire.fail("no-such-model"))).toBe("no-such-model");
    expect(await failure(json({ nothing: true }, 500))).toBe("unavailable");
  });

  test("too few vectors, or vectors of two sizes, are none", async () => {
    expect(await failure(vectors())).toBe("unavailable");
    const two = embedder(vectors([0, [1, 0]], [1, [1, 0, 0]]));
    await expect(two.embed(["a", "b"], signal)).rejects.toMatchObject({ code: "unavailable" });
  });

  test("a server that says nothing is given up, and so is a call that nobody waits for", async () => {
    await expect(embedder({ steps: [HANG] }, 200).embed(["a"], signal)).rejects.toMatchObject({ code: "timeout" });
    await expect(embedder({ steps: [HANG] }).embed(["a"], AbortSignal.timeout(50))).rejects.toThrow(/timeout/i);
    await server.seen.at(-1)!.left;
  });
});

test("the bundled one is the default, and none is none", () => {
  expect(chooseEmbedder({}, liveRuntime(), BUNDLED)).toBe(BUNDLED);
  expect(chooseEmbedder({ HEED_EMBEDDER: "bundled" }, liveRuntime(), BUNDLED)).toBe(BUNDLED);
  expect(chooseEmbedder({ HEED_EMBEDDER: "none" }, liveRuntime(), BUNDLED)).toBeUndefined();
});

test.each(["openai", "openai/", "openai/text-embedding-3-small", "anthropic/claude", "nobody/e", "extractive/quotes"])(
  "HEED_EMBEDDER=%s without its provider names the fix",
  (name) => {
    const choose = () => chooseEmbedder({ HEED_EMBEDDER: name, ANTHROPIC_API_KEY: "k" }, liveRuntime(), BUNDLED);
    expect(choose).toThrow(expect.objectContaining({ code: "misconfigured" }));
  },
);
