// What people read where a vendor ends an answer otherwise than well, in every dialect and command: once asked, once paid, told as what it was.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { textOf, type Post } from "../../src/core/post.ts";
import { createModels } from "../../src/models/index.ts";
import { cast, createChat, player, readable } from "../fakes/compare-rig.ts";
import {
  anthropicWire,
  huggingfaceWire,
  mistralWire,
  ollamaWire,
  openaiWire,
  type WireDialect,
} from "../fakes/dialects.ts";
import { invocation } from "../fakes/toolbox.ts";
import { liveRuntime, startVendor, type Script, type VendorServer } from "../fakes/vendor.ts";

const WIRES = [openaiWire, huggingfaceWire, ollamaWire, anthropicWire, mistralWire];
const USAGE = { input: 11, output: 22 };

let server: VendorServer;
beforeEach(async () => {
  server = await startVendor();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

/** A chat whose first model is the vendor's; a later attempt of the queue would find the job not done. */
function chatWith(wire: WireDialect, script: Script) {
  server.play(script);
  const model = createModels(wire.env(server.url), liveRuntime()).pick(`${wire.provider}/${wire.id}`);
  const others = [player("acme/one", ["One fine answer."]), player("bolt/two", ["Another fine answer."])];
  const chat = createChat([model, ...others]);
  Object.assign(chat.tools, { models: cast([model, ...others]) });
  return (line: string): Promise<Post> => chat.run(invocation(line), { isLast: false });
}

interface Way {
  name: string;
  steps: (wire: WireDialect) => readonly string[] | undefined;
  /** What `/ask` says of it, and `/compare` on a board without names. */
  en: RegExp;
  zh: RegExp;
  board: RegExp;
}

const WORDLESS: readonly Way[] = [
  {
    name: "a refusal",
    steps: (wire) => (wire.stops.refused ? [wire.end("refused", USAGE)] : undefined),
    en: /declined to answer this\. Put the question differently, or ask another model\.$/,
    zh: /拒絕回答這個問題。請換個問法，或改問其他模型。$/,
    board: /the model refused/,
  },
  {
    name: "a filter",
    steps: (wire) => (wire.stops.filtered ? [wire.end("filtered", USAGE)] : undefined),
    en: /content filter stopped \S+ before it answered\. Put the question differently, or ask another model\.$/,
    zh: /內容過濾器擋下了 \S+ 的回答。請換個問法，或改問其他模型。$/,
    board: /content filter stopped it/,
  },
  {
    name: "thoughts up to the limit",
    steps: (wire) => [wire.think, wire.end("length", USAGE)],
    en: /used up its limit of tokens before the first word of an answer, most likely on thinking\. Ask something narrower, or a model that thinks less\.$/,
    zh: /還沒寫出回答，就用完了 token 上限，多半是花在思考上。請把問題縮小一點，或改問思考較少的模型。$/,
    board: /used up its limit before its first word/,
  },
  {
    name: "thoughts alone",
    steps: (wire) => [wire.think, wire.end("end", USAGE)],
    en: /thought, and then ended without writing an answer\. Put/,
    zh: /思考之後沒有寫出回答就結束了。請/,
    board: /it thought, and then wrote no answer/,
  },
  {
    name: "calls for tools alone",
    steps: (wire) => [wire.callTool, wire.end("tool-calls", USAGE)],
    en: /called for a tool instead of answering, and for questions I give it none\. Put/,
    zh: /沒有回答，而是要求使用工具，但回答問題時我不提供工具。請/,
    board: /it called for a tool/,
  },
  {
    name: "nothing at all",
    steps: (wire) => [wire.end("end", USAGE)],
    en: /ended without writing an answer\. Put/,
    zh: / 沒有寫出回答就結束了。請/,
    board: /it sent back nothing/,
  },
  {
    name: "a context that is full",
    steps: (wire) => (wire.stops["context-full"] ? [wire.end("context-full", USAGE)] : undefined),
    en: /no room was left for an answer\. Ask something shorter/,
    zh: /沒有空間寫回答。請縮短問題/,
    board: /the prompt is too long for it/,
  },
];

describe.each(WIRES)("$provider", (wire) => {
  const possible = WORDLESS.flatMap(({ steps, ...way }) => {
    const said = steps(wire);
    return said ? [{ ...way, script: { steps: [wire.begin, ...said] } }] : [];
  });

  test.each(possible)("/ask tells $name once, and pays once", async ({ script, en, zh }) => {
    const post = await chatWith(wire, script)(`/ask --plain --model ${wire.provider} What is attention?`);
    expect([post.state, post.status]).toEqual(["failed", expect.stringMatching(en)]);
    expect(readable(post)).not.toMatch(/Trying again|incomplete|empty answer|for the rest/);
    expect(post.facts.usage).toEqual(USAGE);
    expect(server.seen).toHaveLength(1);
    const chinese = await chatWith(wire, script)(`/ask --plain --model ${wire.provider} 什麼是注意力？`);
    expect([chinese.state, chinese.status]).toEqual(["failed", expect.stringMatching(zh)]);
    expect(server.seen).toHaveLength(2);
  });

  test.each(possible)("/compare tells $name without a name, and pays once", async ({ script, board }) => {
    const post = await chatWith(wire, script)("/compare What is attention?");
    expect(post.state).toBe("done");
    expect(readable(post)).toMatch(board);
    expect(textOf(post)).not.toContain(wire.id);
    expect(server.seen).toHaveLength(1);
  });

  test.each(possible)("/compare asks nobody again where all end with $name", async ({ script, board, name }) => {
    const declined = /refusal|filter/.test(name);
    server.play(script);
    const env = { ...wire.env(server.url), [modelVariable(wire)]: `${wire.id},another-model` };
    const chat = createChat([]);
    Object.assign(chat.tools, { models: createModels(env, liveRuntime()) });
    const post = await chat.run(invocation("/compare What is attention?"), { isLast: false });
    expect(post.state).toBe(declined ? "done" : "failed");
    if (declined) expect(readable(post)).toMatch(board);
    else expect(post.status).toMatch(/^None of the models answered\./);
    expect(server.seen).toHaveLength(2);
  });

  test.each(possible)("a judge that ends with $name is asked once for each order at most, and said to", async (way) => {
    const say = chatWith(wire, way.script);
    const post = await say(`/compare What is attention? --open --models acme,bolt --judge ${wire.provider}`);
    expect(post.state).toBe("done");
    expect(readable(post)).toMatch(new RegExp(`The judge gave no verdict: .*${way.board.source}`));
    // Where one order fails before the other was sent, that one is of no use any more.
    expect([1, 2]).toContain(server.seen.length);
  });

  test.each(possible)("/models test asks a model that ends with $name once", async (way) => {
    const post = await chatWith(wire, way.script)("/models test");
    const [row = []] = post.sections[0]!.tables[0]!.rows;
    expect(row[0]).toBe(`${wire.provider}/${wire.id}`);
    // A model that thinks too long for a test is none that does not work.
    if (/limit/.test(way.name)) expect(row[1]).toMatch(/^✓ thinks/);
    else expect(row[1]).toMatch(new RegExp(`^✗ .*${way.board.source}`));
    expect(server.seen).toHaveLength(1);
  });

  const ended: readonly [string, string, RegExp | undefined][] = [
    ["no word for why", wire.close, undefined],
    ["the limit", wire.end("length", USAGE), /cut off at the model's limit\. .*for the rest/],
    ["a call for a tool", wire.end("tool-calls", USAGE), /called for a tool/],
    [
      "a refusal",
      wire.end("refused", USAGE).replace(/"refused"/, '"refusal"'),
      /^The model declined; what stands above/,
    ],
  ];
  test.each(ended)("/ask shows the words that end with %s, and says so", async (_, end, note) => {
    const script = { steps: [wire.begin, wire.say("These are the words."), end] };
    const post = await chatWith(wire, script)(`/ask --plain --model ${wire.provider} What is attention?`);
    expect([post.state, textOf(post)]).toEqual(["done", "These are the words."]);
    const notes = post.sections[0]!.notes.filter((each) => !each.startsWith("⚠"));
    expect(notes).toEqual(note ? [expect.stringMatching(note)] : []);
    expect(server.seen).toHaveLength(1);
  });

  test("an answer that did not stream is an answer", async () => {
    const body = JSON.stringify(wire.whole({ text: "These are the words.", stop: "end", usage: USAGE }));
    const script = { headers: { "content-type": "application/json" }, steps: [body] };
    const post = await chatWith(wire, script)(`/ask --plain --model ${wire.provider} What is attention?`);
    expect([post.state, textOf(post), post.facts.usage]).toEqual(["done", "These are the words.", USAGE]);
    expect(readable(await chatWith(wire, script)("/compare What is attention?"))).toContain("These are the words.");
    expect(server.seen).toHaveLength(2);
  });

  test("a line that broke before the first word is tried again, and nothing is said to stand above", async () => {
    const run = chatWith(wire, { steps: [wire.begin] })(`/ask --plain --model ${wire.provider} What is attention?`);
    await expect(run).rejects.toMatchObject({ code: "connection-lost", message: expect.not.stringMatching(/above/) });
  });
});

function modelVariable({ provider }: WireDialect): string {
  return provider === "huggingface" ? "HF_MODEL" : `${provider.toUpperCase()}_MODEL`;
}
