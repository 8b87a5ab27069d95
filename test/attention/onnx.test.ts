// Other models: the patch on graphs made here, the files from a hub made here, and the whole way where the runtime is installed.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { createAttention } from "../../src/attention/index.ts";
import { findFiles, MOST_MODELS } from "../../src/attention/onnx/files.ts";
import { createOpener } from "../../src/attention/onnx/open.ts";
import { openAttention } from "../../src/attention/onnx/patch.ts";
import { readContents } from "../../src/attention/onnx/graph.ts";
import { writeField } from "../../src/attention/onnx/protobuf.ts";
import { loadRuntime } from "../../src/attention/onnx/runtime.ts";
import { HEADS, makeModel, type GraphPlan } from "./graphs.ts";
import { runtime } from "./runtime.ts";

const WORDS = ["[UNK]", "[CLS]", "[SEP]", "the", "cat", "sat", "##s", "我", "喜", "歡", "貓"];
const plan: GraphPlan = { words: WORDS.length, layers: 2, causal: false };
const { signal } = new AbortController();

/** A BERT tokenizer of eleven words. */
const tokenizer = {
  version: "1.0",
  added_tokens: [],
  normalizer: {
    type: "BertNormalizer",
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      "[CLS]": { id: "[CLS]", ids: [1], tokens: ["[CLS]"] },
      "[SEP]": { id: "[SEP]", ids: [2], tokens: ["[SEP]"] },
    },
  },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(WORDS.map((word, i) => [word, i])),
  },
};

const painter = { paint: () => Promise.reject(new Error("not asked")), close: async () => {} };
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "heed-attention-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function save(name: string, from: GraphPlan): Promise<void> {
  const home = join(folder, name);
  await mkdir(join(home, "onnx"), { recursive: true });
  const { model, beside } = makeModel(from);
  await writeFile(join(home, "onnx/model.onnx"), model);
  if (from.beside) await writeFile(join(home, "onnx", from.beside), beside);
  await writeFile(join(home, "tokenizer.json"), JSON.stringify(tokenizer));
  await writeFile(
    join(home, "tokenizer_config.json"),
    JSON.stringify({ tokenizer_class: "BertTokenizer", unk_token: "[UNK]" }),
  );
}

describe("the patch", () => {
  test("names each softmax, and only adds to the file", () => {
    const { model } = makeModel(plan);
    const { names, pieces, beside } = openAttention(model);
    expect(names).toEqual(["attention0", "attention1", "probabilities"]);
    expect(beside).toEqual([]);
    const whole = new Uint8Array(Buffer.concat(pieces));
    expect(whole.length - model.length).toBeLessThan(100);
    // Opened once is opened: nothing is left to add.
    expect(openAttention(whole)).toMatchObject({ names });
    expect(Buffer.concat(openAttention(whole).pieces)).toHaveLength(whole.length);
  });

  test("opens both branches of a merged decoder, and the If around them", () => {
    const { model } = makeModel({ ...plan, causal: true, merged: true });
    const { names, pieces } = openAttention(model);
    expect(names).toEqual([0, 1, 2].map((i) => `heed.attention.0.${i}`));
    const opened = readContents(new Uint8Array(Buffer.concat(pieces)));
    expect(opened.graph?.outputs).toEqual(new Set(["logits", ...names]));
    for (const { graph } of opened.graph!.splits[0]!.branches)
      expect(graph.outputs).toEqual(new Set(["logits", "attention0", "attention1", "probabilities"]));
  });

  test("sees which files hold weights beside it, and follows none out of the folder", () => {
    expect(openAttention(makeModel({ ...plan, beside: "w.bin" }).model).beside).toEqual(["w.bin"]);
    for (const outside of ["../w.bin", "/etc/passwd", "a/b", ""])
      expect(() => openAttention(makeModel({ ...plan, beside: outside }).model)).toThrow(/outside its own folder/);
  });

  test.each([
    ["fused", /fused operator/],
    ["lopsided", /branches that differ/],
  ] as const)("refuses a %s graph with the reason and the fix", (closed, reason) => {
    const { model } = makeModel({ ...plan, closed });
    expect(() => openAttention(model)).toThrow(
      expect.objectContaining({ code: "unreadable", message: expect.stringMatching(reason) }),
    );
  });

  test("answers any bytes with attention or with a reason", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, wrapped) => {
        expect(() => openAttention(wrapped ? writeField(7, bytes) : bytes)).toThrow(
          expect.objectContaining({ code: "unreadable" }),
        );
      }),
    );
  });

  test("says so of half a file", () => {
    const { model } = makeModel(plan);
    expect(() => openAttention(model.subarray(0, model.length - 60))).toThrow(/not a whole ONNX model/);
  });
});

const hub = (files: Record<string, string | number | Uint8Array<ArrayBuffer>>) => {
  const asked: string[] = [];
  const fetch = (url: unknown) => {
    const path = String(url).split("/resolve/main/")[1]!;
    asked.push(path);
    const answer = files[path] ?? 404;
    return Promise.resolve(typeof answer === "number" ? new Response("", { status: answer }) : new Response(answer));
  };
  return { asked, runtime: { ...runtime, fetch } };
};
describe("the files", () => {
  const bare = makeModel(plan);
  const both = { "tokenizer.json": "{}", "tokenizer_config.json": "{}" };

  test("come from the hub once", async () => {
    const { asked, runtime: outside } = hub({ ...both, "onnx/decoder_model.onnx": bare.model });
    const files = await findFiles(outside, folder, "a/decoder", signal);
    expect(files?.graph).toBe(join(folder, "a/decoder/onnx/decoder_model.onnx"));
    expect(asked).toEqual([
      "tokenizer.json",
      "tokenizer_config.json",
      "onnx/model.onnx",
      "model.onnx",
      "onnx/decoder_model.onnx",
    ]);
    await findFiles(outside, folder, "a/decoder", signal);
    expect(asked).toHaveLength(5);
  });

  test("come with the weights that lie beside the graph", async () => {
    const { model, beside } = makeModel({ ...plan, beside: "model.onnx_data" });
    const whole = { ...both, "onnx/model.onnx": model, "onnx/model.onnx_data": beside };
    await findFiles(hub(whole).runtime, folder, "a/beside", signal);
    expect(await readdir(join(folder, "a/beside/onnx"))).toEqual(["model.onnx", "model.onnx_data"]);
    const { runtime: without } = hub({ ...both, "onnx/model.onnx": model });
    await expect(findFiles(without, folder, "a/without", signal)).rejects.toMatchObject({
      code: "no-such-model",
      message: expect.stringContaining("model.onnx_data"),
    });
  });

  test("asked for by two at once are whole", async () => {
    const { runtime: outside } = hub({ ...both, "onnx/model.onnx": bare.model });
    await Promise.all([1, 2].map(() => findFiles(outside, folder, "a/twice", signal)));
    expect(await readFile(join(folder, "a/twice/onnx/model.onnx"))).toEqual(Buffer.from(bare.model));
    expect(await readdir(join(folder, "a/twice/onnx"))).toEqual(["model.onnx"]);
  });

  test("of no more models are brought than a disk should hold", async () => {
    const full = await mkdtemp(join(folder, "full-"));
    for (let i = 0; i < MOST_MODELS; i++) await mkdir(join(full, `owner${i % 3}`, `model${i}`), { recursive: true });
    const { asked, runtime: outside } = hub({ ...both, "onnx/model.onnx": bare.model });
    await expect(findFiles(outside, full, "a/another", signal)).rejects.toMatchObject({ code: "too-large" });
    expect(asked).toEqual([]);
  });

  test.each(["../../etc/passwd", "a/../b", "a", "/etc/passwd", "a/b/c", "https://x.y/z", ".a/b"])(
    "never go by the name %s",
    async (name) => {
      const { asked, runtime: outside } = hub(both);
      expect(await findFiles(outside, folder, name, signal)).toBeUndefined();
      expect(asked).toEqual([]);
    },
  );

  test("leave nothing half where the hub breaks off", async () => {
    const broken = new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(9)),
      pull: (controller) => controller.error(new Error("cut")),
    });
    const outside = { ...runtime, fetch: () => Promise.resolve(new Response(broken)) };
    await expect(findFiles(outside, folder, "a/broken", signal)).rejects.toMatchObject({ code: "unavailable" });
    expect(await readdir(join(folder, "a/broken"))).toEqual([]);
  });

  test("say what is wrong where there is no graph, or no hub", async () => {
    await expect(findFiles(hub(both).runtime, folder, "a/none", signal)).rejects.toMatchObject({
      code: "no-such-model",
    });
    await expect(findFiles(runtime, folder, "a/offline", signal)).rejects.toMatchObject({ code: "unavailable" });
    await expect(findFiles(hub({ "tokenizer.json": 500 }).runtime, folder, "a/ill", signal)).rejects.toMatchObject({
      code: "unavailable",
    });
    expect(await findFiles(hub({}).runtime, folder, "a/unknown", signal)).toBeUndefined();
  });
});

const installed = await loadRuntime().then(
  () => true,
  () => false,
);

test("says what to install where the runtime is missing, else has it", async () => {
  const loading = loadRuntime();
  if (installed) expect(await loading).toHaveProperty("runtime.InferenceSession");
  else
    await expect(loading).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining("npm install"),
    });
});

const read = async (name: string, from: GraphPlan, text: string) => {
  await save(name, from);
  const opener = createOpener(runtime, folder);
  const model = await opener.open(name, signal);
  const trace = await model!.trace(text, signal);
  await opener.close();
  return trace;
};
const rowsSumTo1 = (weights: Float32Array, count: number, digits: number) => {
  for (let at = 0; at < weights.length; at += count) {
    expect(weights.subarray(at, at + count).reduce((a, b) => a + b, 0)).toBeCloseTo(1, digits);
  }
};

(installed ? describe : describe.skip)("a model (needs onnxruntime-node and @huggingface/tokenizers)", () => {
  test("like BERT shows its layers, and reads Chinese", async () => {
    const { pieces, layers, causal, next } = await read("t/bert", plan, "the cats 我喜歡貓 x");
    expect(pieces.map(({ text, startsWord, special, unknown }) => [text, startsWord, special, unknown])).toEqual([
      ["[CLS]", true, true, false],
      ["the", true, false, false],
      ["cat", true, false, false],
      ["s", false, false, false],
      ...["我", "喜", "歡", "貓"].map((text) => [text, true, false, false]),
      ["[UNK]", true, false, true],
      ["[SEP]", true, true, false],
    ]);
    expect(layers.map(({ heads }) => heads)).toEqual([HEADS, HEADS]);
    expect(causal).toBe(false);
    expect(next).toBeUndefined();
    for (const { weights } of layers) rowsSumTo1(weights, pieces.length, 5);
  });

  test.each<[string, Partial<GraphPlan>]>([
    ["plain", {}],
    ["with a cache", { cache: true }],
    ["in sixteen bits", { half: true }],
    ["with weights beside it", { beside: "table.bin" }],
    ["merged", { merged: true }],
    ["merged in sixteen bits with weights beside it", { merged: true, half: true, beside: "table.bin" }],
  ])("like GPT, %s, looks back only and says what may come next", async (name, more) => {
    const trace = await read(`t/gpt-${name.replaceAll(" ", "-")}`, { ...plan, causal: true, ...more }, "the cat sat");
    expect(trace.causal).toBe(true);
    expect(trace.layers).toHaveLength(2);
    for (const { weights } of trace.layers) rowsSumTo1(weights, 5, more.half ? 2 : 5);
    expect(trace.next).toHaveLength(5);
    expect(trace.next!.reduce((sum, { probability }) => sum + probability, 0)).toBeLessThanOrEqual(1.001);
  });

  test("gives the same weights from a merged file as from a plain one", async () => {
    const plain = await read("t/plain", { ...plan, causal: true }, "the cat sat");
    const merged = await read("t/merged", { ...plan, causal: true, merged: true }, "the cat sat");
    expect(merged.layers).toEqual(plain.layers);
    expect(merged.next).toEqual(plain.next);
  });

  test("gives the same weights in sixteen bits, nearly", async () => {
    const full = await read("t/full", { ...plan, causal: true }, "the cat sat");
    const half = await read("t/half", { ...plan, causal: true, half: true }, "the cat sat");
    full.layers.forEach(({ weights }, layer) =>
      weights.forEach((weight, at) => expect(half.layers[layer]!.weights[at]).toBeCloseTo(weight, 1)),
    );
  });

  test("goes on with an answer while others are opened", async () => {
    const names = ["t/first", "t/second", "t/third", "t/fourth"];
    for (const name of names) await save(name, plan);
    const opener = createOpener(runtime, folder);
    const first = (await opener.open(names[0]!, signal))!.trace("the cat", signal);
    for (const name of names.slice(1)) await opener.open(name, signal);
    expect((await first).layers).toHaveLength(2);
    await opener.close();
  });

  test("that the runtime cannot load is refused, and the runtime's own words are logged", async () => {
    await save("t/short", { ...plan, beside: "table.bin" });
    await writeFile(join(folder, "t/short/onnx/table.bin"), new Uint8Array(4));
    const logged: unknown[] = [];
    const log = { ...runtime.log, warn: (...event: unknown[]) => void logged.push(event) };
    const opener = createOpener({ ...runtime, log }, folder);
    const model = await opener.open("t/short", signal);
    await expect(model!.trace("the cat", signal)).rejects.toMatchObject({ code: "unreadable" });
    expect(logged).toMatchObject([
      ["attention.model", { model: "t/short", error: { cause: expect.stringMatching(/\w/) } }],
    ]);
    await opener.close();
  });

  test("answers a request in Chinese", async () => {
    await save("t/asked", plan);
    const attention = createAttention(runtime, { painter, models: folder });
    const { text, at } = await attention.explain(
      { text: "我喜歡貓", language: "zh-TW", model: "t/asked", view: "head" },
      signal,
    );
    expect(text.split("\n")[1]).toBe("  a b c d e f");
    expect(text).toContain("b 我");
    expect(at.pieces).toBe(false);
    await attention.close();
  });
});
