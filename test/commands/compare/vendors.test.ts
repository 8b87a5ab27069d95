// A comparison over the wire: four vendors on the loopback, each in its dialect, with delays and faults.

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { textOf } from "../../../src/core/post.ts";
import { createModels } from "../../../src/models/index.ts";
import { createChat, readable } from "../../fakes/compare-rig.ts";
import { anthropicWire, mistralWire, ollamaWire, openaiWire, type WireDialect } from "../../fakes/dialects.ts";
import { invocation } from "../../fakes/toolbox.ts";
import { HANG, liveRuntime, RESET, startVendor, type Step, type VendorServer } from "../../fakes/vendor.ts";

const WIRES = [openaiWire, anthropicWire, mistralWire, ollamaWire];
const MODEL_VARIABLES = ["OPENAI_MODEL", "ANTHROPIC_MODEL", "MISTRAL_MODEL", "OLLAMA_MODEL"];
let servers: VendorServer[];
beforeEach(async () => {
  servers = await Promise.all(WIRES.map(() => startVendor()));
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
});

function play(wire: WireDialect, ...steps: readonly Step[]): void {
  servers[WIRES.indexOf(wire)]!.play({ steps });
}
const says = (wire: WireDialect, text: string): readonly Step[] => [
  wire.begin,
  wire.say(text),
  wire.end("end", { input: 1000, output: 500 }),
];

function open() {
  const env = Object.assign({}, ...WIRES.map((wire, i) => wire.env(servers[i]!.url))) as Record<string, string>;
  WIRES.forEach((wire, i) => (env[MODEL_VARIABLES[i]!] = wire.id));
  const chat = createChat([]);
  Object.assign(chat.tools, { models: createModels(env, liveRuntime()) });
  return chat;
}

describe("four vendors", () => {
  test("answer the same question, each in its own dialect", async () => {
    for (const wire of WIRES) play(wire, { pause: 5 }, ...says(wire, `${wire.provider} has answered this.`));
    const chat = open();
    const board = await chat.say("/compare Hi there --temperature 0.3");
    for (const { provider } of WIRES) expect(textOf(board)).toContain(`${provider} has answered this.`);
    for (const { seen } of servers) {
      expect(seen).toHaveLength(1);
      expect(JSON.stringify(seen[0]!.body)).toContain("Hi there");
    }
    const out = readable(await chat.press("Reveal", board));
    expect(out).toMatch(/left out there: (?:openai|anthropic)\S+, (?:openai|anthropic)\S+/);
    expect(out.match(/free \(local\)/g)?.length).toBe(2);
    expect(out).toMatch(/price unknown/);
    expect(out).toMatch(/1000 → 500 tokens/);
  });

  test("one refuses, one breaks off, one hangs until Stop would come; the fourth stands", async () => {
    play(openaiWire, ...says(openaiWire, "I am the one that answered."));
    servers[1]!.play(anthropicWire.fail("bad-key"));
    play(mistralWire, mistralWire.begin, mistralWire.say("Half an answer"), RESET);
    play(ollamaWire, ollamaWire.begin, ollamaWire.end("filtered", { input: 1, output: 0 }));
    const board = await open().say("/compare Hi there");
    const text = readable(board);
    expect(text).toMatch(/Only one model answered/);
    expect(text).toMatch(/its key was not accepted/);
    expect(text).toMatch(/Half an answer[^]*Incomplete: the connection broke/);
    expect(text).toMatch(/its vendor's content filter stopped it/);
  });

  test("Stop closes every connection", async () => {
    for (const wire of WIRES) play(wire, wire.begin, wire.say("Once upon a time"), HANG);
    const chat = open();
    const stop = new AbortController();
    const post = chat.run(invocation("/compare Tell me a story"), { signal: stop.signal });
    while (servers.some(({ seen }) => seen.length === 0)) await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort("stopped");
    expect(await post).toMatchObject({ state: "failed", status: "Stopped." });
    await Promise.all(servers.map(({ seen }) => seen[0]!.left));
  });
});
