// What is known of models beside their answers: the vendors' own lists, cards and prices.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import { placeOfServer } from "../../src/models/cards.ts";
import { createModels } from "../../src/models/index.ts";
import { bundledPrices } from "../../src/models/catalog/index.ts";
import { collect, PROMPT } from "../contracts/model.ts";
import {
  anthropicWire,
  huggingfaceWire,
  mistralWire,
  ollamaWire,
  openaiWire,
  type WireDialect,
} from "../fakes/dialects.ts";
import { HANG, liveRuntime, startVendor, type Script, type VendorServer } from "../fakes/vendor.ts";

let server: VendorServer;
beforeEach(async () => {
  server = await startVendor();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

const json = (body: unknown): Script => ({
  headers: { "content-type": "application/json" },
  steps: [JSON.stringify(body)],
});
const ever = new AbortController().signal;

async function listingOf(wire: WireDialect, script: Script, speed = 1, signal = ever) {
  server.play(script);
  const listings = await createModels(wire.env(server.url), liveRuntime(speed)).list!(signal);
  return listings.find(({ provider }) => provider === wire.provider)!;
}

const openaiModel = (id: string, more: object = {}) => ({ id, object: "model", created: 1, owned_by: "x", ...more });
const mistralCard = (id: string, chats: boolean, more: object = {}) => ({
  id,
  object: "model",
  owned_by: "mistralai",
  type: "base",
  internal: false,
  max_context_length: 262_144,
  capabilities: { completion_chat: chats },
  ...more,
});

describe("a vendor's own list", () => {
  test("OpenAI's holds what chats, and says what ends", async () => {
    const data = [
      openaiModel("gpt-7"),
      openaiModel("whisper-1"),
      openaiModel("gpt-5", { shutdown_date: "2026-12-11" }),
    ];
    const { live, configured } = await listingOf(openaiWire, json({ object: "list", data }));
    expect(live).toEqual([{ id: "gpt-7" }, { id: "gpt-5", retires: true }]);
    expect(configured[0]).toBe("gpt-6.1-terra");
    expect(server.seen[0]).toMatchObject({ path: "/v1/models" });
  });

  test("Hugging Face's gives the cheapest live host's price and the widest window", async () => {
    const providers = [
      { provider: "a", status: "live", context_length: 131_072, pricing: { input: 0.6, output: 0.8 } },
      { provider: "b", status: "live", context_length: 65_536, pricing: { input: 0.1, output: 0.4 } },
      { provider: "c", status: "error", context_length: 999_999, pricing: { input: 0, output: 0 } },
      { provider: "d", status: "live" },
    ];
    const { live } = await listingOf(huggingfaceWire, json({ data: [openaiModel("meta/llama", { providers })] }));
    expect(live).toEqual([
      {
        id: "meta/llama",
        contextWindow: 131_072,
        price: { input: 0.1, output: 0.4, asOf: expect.stringMatching(/^\d{4}-/) },
      },
    ]);
  });

  test("Anthropic's gives windows and life cycles", async () => {
    const data = [
      { type: "model", id: "claude-opus-5-5", display_name: "x", max_input_tokens: 1_000_000, lifecycle: "active" },
      { type: "model", id: "claude-old", display_name: "x", max_input_tokens: null, lifecycle: "deprecated" },
    ];
    const { live } = await listingOf(anthropicWire, json({ data, has_more: false, first_id: null, last_id: null }));
    expect(live).toEqual([
      { id: "claude-opus-5-5", contextWindow: 1_000_000 },
      { id: "claude-old", retires: true },
    ]);
  });

  test("Mistral's holds what chats, with windows", async () => {
    const data = [
      mistralCard("mistral-large-4", true),
      mistralCard("mistral-embed", false),
      mistralCard("old", true, { deprecation: "2027-01-31T12:00:00Z" }),
    ];
    const { live } = await listingOf(mistralWire, json({ object: "list", data }));
    expect(live).toEqual([
      { id: "mistral-large-4", contextWindow: 262_144 },
      { id: "old", contextWindow: 262_144, retires: true },
    ]);
  });

  test.each([openaiWire, anthropicWire, mistralWire, huggingfaceWire, ollamaWire])(
    "$provider: a refused key, garbage and silence are each said, and never thrown",
    async (wire) => {
      expect((await listingOf(wire, wire.fail("bad-key"))).failure?.en).toMatch(/key/i);
      const garbage: Script = { headers: { "content-type": "text/html" }, steps: ["<html>"] };
      expect((await listingOf(wire, garbage)).live ?? []).toEqual([]);
      const silence: Script = { headers: { "content-type": "application/json" }, steps: ["{", HANG] };
      const listing = await listingOf(wire, silence, 50);
      expect(listing.failure?.en).toMatch(/within 10 s/);
    },
  );

  test("what a vendor lists as a model's window is what it is asked within", async () => {
    const data = [{ type: "model", id: "claude-new", display_name: "x", max_input_tokens: 3_000_000 }];
    server.play(json({ data, has_more: false, first_id: null, last_id: null }));
    const models = createModels(anthropicWire.env(server.url), liveRuntime());
    expect(models.pick("anthropic/claude-new").contextWindow).toBe(1_000_000);
    await models.list!(ever);
    expect(models.pick("anthropic/claude-new").contextWindow).toBe(3_000_000);
  });

  test("a server without a list is said to have none", async () => {
    const listing = await listingOf(ollamaWire, { status: 404, steps: ["not found"] });
    expect(listing.failure?.en).toMatch(/Ollama has no list of models at its address.*OLLAMA_BASE_URL/);
  });

  test("whoever stops waiting hears their own reason", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error("enough")), 50);
    const silence: Script = { headers: { "content-type": "application/json" }, steps: ["{", HANG] };
    await expect(listingOf(openaiWire, silence, 1, stop.signal)).rejects.toThrow("enough");
  });
});

describe("the vendor's own name for what answered", () => {
  test.each([openaiWire, mistralWire])("$provider: is told where it is another", async (wire) => {
    const renamed = (text: string) => text.replaceAll(wire.id, `${wire.id}-2026-10-26`);
    server.play({ steps: [wire.begin, wire.say("ok"), wire.end("end", { input: 1, output: 1 })].map(renamed) });
    const model = createModels(wire.env(server.url), liveRuntime()).pick(wire.provider);
    const events = await collect(model.generate(PROMPT, ever));
    expect(events.at(-1)).toEqual({ type: "stop", reason: "end", model: `${wire.id}-2026-10-26` });
  });
});

describe("a model's card", () => {
  const env = { OPENAI_API_KEY: "a", ANTHROPIC_API_KEY: "b", OLLAMA_BASE_URL: "http://localhost:11434", HF_TOKEN: "d" };
  const cardOf = (name: string, more: Record<string, string> = {}) =>
    createModels({ ...env, ...more }, liveRuntime()).pick(name).card;

  test("knows the vendor's price on the vendor's servers only", () => {
    expect(cardOf("openai/gpt-6-luna")?.price).toMatchObject({ input: 0.1, output: 0.5 });
    expect(cardOf("openai/gpt-6-luna", { OPENAI_BASE_URL: "https://proxy.example.com/v1" })?.price).toBeUndefined();
    expect(cardOf("openai/gpt-6-luna", { OPENAI_BASE_URL: "http://localhost:4000/v1" })).toMatchObject({
      hosting: "other",
    });
    expect(cardOf("openai/gpt-6-luna", { OPENAI_BASE_URL: "https://api.openai.com/v1" })?.price?.input).toBe(0.1);
    expect(cardOf("ollama/gpt-oss:120b-cloud")).toMatchObject({ hosting: "other", openWeights: true });
    expect(cardOf("ollama/gpt-oss:120b-cloud")?.price).toBeUndefined();
    expect(cardOf("openai/gpt-99")?.price).toBeUndefined();
    expect(cardOf("huggingface")?.price).toBeUndefined();
    expect(cardOf("ollama")).toMatchObject({ hosting: "local", openWeights: true, price: { input: 0, output: 0 } });
  });

  test("says who takes a temperature, and nothing of a stand-in", () => {
    expect(cardOf("anthropic")).toMatchObject({ supportsTemperature: false, openWeights: false });
    expect(cardOf("huggingface")).toMatchObject({ supportsTemperature: true, openWeights: true });
    expect(cardOf("extractive")).toBeUndefined();
  });

  test("every bundled price is dated and above nothing", () => {
    for (const { input, output, asOf } of bundledPrices.values()) {
      expect(Math.min(input, output)).toBeGreaterThan(0);
      expect(asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
    }
  });

  test.each([
    ["http://localhost:11434", "local"],
    ["http://127.0.0.1:1/v1", "local"],
    ["http://ollama:11434", "local"],
    ["http://192.168.1.7:11434", "local"],
    ["http://172.20.0.4", "local"],
    ["http://172.99.0.4", "other"],
    ["http://[fd00::1]:11434", "local"],
    ["http://[2001:db8::1]", "other"],
    ["https://api.example.com/v1", "other"],
  ])("%s is %s", (url, place) => {
    expect(placeOfServer(url)).toBe(place);
  });
});

describe("HEED_PRICES", () => {
  const file = join(mkdtempSync(join(tmpdir(), "heed-prices-")), "prices.json");
  const load = (text: string) => {
    writeFileSync(file, text);
    return createModels({ OPENAI_API_KEY: "a", HEED_PRICES: file }, liveRuntime());
  };

  test("overrules what is bundled, and dates it", () => {
    const prices = { "openai/gpt-6-luna": { input: 7, output: 8 }, "openai/mine": { input: 0, output: 0 } };
    const models = load(JSON.stringify({ asOf: "2026-12-01", prices }));
    expect(models.pick("openai/gpt-6-luna").card?.price).toEqual({ input: 7, output: 8, asOf: "2026-12-01" });
    expect(models.pick("openai/mine").card?.price).toMatchObject({ input: 0 });
    expect(models.pick("openai/gpt-6.1-terra").card?.price?.input).toBe(1);
  });

  test.each(["{", "[]", '{"asOf": "soon", "prices": {}}', '{"asOf": "2026-12-01", "prices": {"luna": {"input": -1}}}'])(
    "%s is refused with the file's name and an example",
    (text) => {
      expect(() => load(text)).toThrow(BotError);
      expect(() => load(text)).toThrow(/HEED_PRICES names .*prices\.json.*"asOf"/s);
    },
  );

  test("a file that is not there is refused", () => {
    expect(() => createModels({ HEED_PRICES: "/nowhere/prices.json" }, liveRuntime())).toThrow(/HEED_PRICES/);
  });
});
