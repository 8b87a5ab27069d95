// Measures what a comparison of four models costs in time beside the slowest of them alone, and beside one that hangs.
//   node bench/compare.ts [runs, 5]

import { createModels } from "../src/models/index.ts";
import { runModels } from "../src/commands/compare/run-models.ts";
import type { Model, Prompt } from "../src/core/model.ts";
import { openEmbeddedRecords } from "../src/runtime/records-embedded.ts";
import { createChat } from "../test/fakes/compare-rig.ts";
import { anthropicWire, mistralWire, ollamaWire, openaiWire } from "../test/fakes/dialects.ts";
import { HANG, liveRuntime, startVendor, type Step } from "../test/fakes/vendor.ts";

const RUNS = Number(process.argv[2] ?? 5);
const WIRES = [openaiWire, anthropicWire, mistralWire, ollamaWire];
const VARIABLES = ["OPENAI_MODEL", "ANTHROPIC_MODEL", "MISTRAL_MODEL", "OLLAMA_MODEL"];
/** Milliseconds to the first word and between words: a fast one, two usual ones, a slow one. */
const PACES = [
  { first: 100, word: 4 },
  { first: 250, word: 8 },
  { first: 200, word: 10 },
  { first: 300, word: 15 },
];
const WORDS = 120;
/** How long a comparison with a hanging model is given, in milliseconds; in production the models' own limits end it. */
const PATIENCE = 4000;
const prompt: Prompt = { messages: [{ role: "user", text: "Why?" }], passages: [], language: "en" };
const signal = new AbortController().signal;

const servers = await Promise.all(WIRES.map(() => startVendor()));
const env: Record<string, string> = {};
WIRES.forEach((wire, i) => Object.assign(env, wire.env(servers[i]!.url), { [VARIABLES[i]!]: wire.id }));
const runtime = liveRuntime();
const models = createModels(env, runtime);
const four = WIRES.map(({ provider }) => models.pick(provider));

function play(i: number, hangs = false): void {
  const [wire, { first, word }] = [WIRES[i]!, PACES[i]!];
  const words = Array.from({ length: WORDS }, (_, n): Step[] => [wire.say(`word${n} `), { pause: word }]).flat();
  const whole = [wire.begin, { pause: first }, ...words, wire.end("end", { input: 100, output: WORDS })];
  servers[i]!.play({ steps: hangs ? [wire.begin, wire.say("one "), HANG] : whole });
}
const playAll = (hanging?: number) => WIRES.forEach((_, i) => play(i, i === hanging));

async function time(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function median(work: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) times.push(await work());
  return times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)]!;
}

async function drain(model: Model): Promise<void> {
  for await (const event of model.generate(prompt, signal)) if (event.type === "stop") return;
}

/** When each model had ended, with one hanging. */
async function gatherAll(): Promise<{ ends: number[]; whole: number }> {
  const startedAt = performance.now();
  const records = openEmbeddedRecords(":memory:", () => Date.now());
  const id = crypto.randomUUID();
  const round = {
    id,
    workspace: "w",
    ttlMs: 60_000,
    models: four,
    prompt,
    records,
    runtime,
    signal,
    patience: PATIENCE,
  };
  const ends: number[] = [];
  for await (const heard of runModels(round))
    if (heard.type === "ended") ends[heard.index] = performance.now() - startedAt;
  return { ends, whole: performance.now() - startedAt };
}

playAll();
// The vendors' packages are loaded with the first question.
for (const model of four) await drain(model);
const alone: number[] = [];
for (const model of four) alone.push(await median(() => time(() => drain(model))));
const slowest = Math.max(...alone);
const chat = createChat([]);
Object.assign(chat.tools, { models });
const whole = await median(() => time(() => chat.say("/compare Why?")));
const goal = slowest * 1.05 + 50;
const round = (ms: number) => `${ms.toFixed(0)} ms`;
console.log(`alone: ${four.map(({ name }, i) => `${name} ${round(alone[i]!)}`).join(", ")}`);
console.log(
  `four at once, from the command to the board: ${round(whole)} = ${(whole / slowest).toFixed(3)} x the slowest alone (${round(slowest)}); goal ${round(goal)}: ${whole <= goal ? "met" : "missed"}`,
);

playAll(3);
const { ends, whole: late } = await gatherAll();
const others = Math.max(...ends.slice(0, 3));
console.log(
  `one hangs: the other three were done after ${round(others)} = ${(others / Math.max(...alone.slice(0, 3))).toFixed(3)} x the slowest of them alone; all ended after ${round(late)} of ${round(PATIENCE)} allowed`,
);
await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
