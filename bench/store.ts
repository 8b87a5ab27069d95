// Measures the embedded store: adding, opening with a first search, and searching at three sizes, each beside the smallest,
// by words alone and by meaning too (vectors of 512 random numbers: what they say does not matter here).
//   node bench/store.ts [most passages, 100000]

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKnowledge, type Knowledge } from "../src/knowledge/index.ts";
import { setTimeout as pause } from "node:timers/promises";
import type { Embedder, Format } from "../src/core/knowledge.ts";
import { LONGEST } from "../src/knowledge/split.ts";

const SIZES = [1000, 10_000, 100_000].filter((size) => size <= Number(process.argv[2] ?? 100_000));
const PER_DOCUMENT = 50;
const QUESTIONS = 200;
const signal = new AbortController().signal;
const ignore = (): void => undefined;

/** Every passage its own section, so that the count is known. */
const SECTIONS: Format = {
  name: "sections",
  extensions: [],
  mediaTypes: [],
  read: (bytes) => {
    const text = new TextDecoder().decode(bytes);
    const headings = [...text.matchAll(/^# .*$/gm)].map(({ 0: line, index }) => ({
      level: 1,
      text: line,
      start: index,
    }));
    return Promise.resolve({ text, headings, pages: [], warnings: [] });
  },
};

/** Words by Zipf's law, half of the passages in Chinese characters, from a fixed seed. */
function createWriter(): { passage: (i: number) => string; question: (i: number) => string } {
  let state = 42;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const rank = (most: number) => Math.floor(most ** random()) - 1;
  const english = () => `w${rank(60_000).toString(36)}`;
  const chinese = () => String.fromCodePoint(0x4e00 + ((rank(6000) * 7919) % 6000));
  const passage = (i: number) =>
    i % 2
      ? `# ${english()} ${i}\n\n${Array.from({ length: 65 }, english).join(" ")}.`
      : `# ${chinese()}${i}\n\n${Array.from({ length: 300 }, chinese).join("")}。`;
  const question = (i: number) =>
    i % 2 ? Array.from({ length: 8 }, english).join(" ") : Array.from({ length: 14 }, chinese).join("");
  return { passage, question };
}

/** Takes no time itself, so that the store's is measured. */
function createRandomEmbedder(): Embedder {
  let state = 7;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32 - 0.5;
  const vector = () => {
    const numbers = Float32Array.from({ length: 512 }, random);
    const length = Math.hypot(...numbers);
    return numbers.map((each) => each / length);
  };
  return { name: "random", embed: (texts) => Promise.resolve(texts.map(vector)) };
}

function open(directory: string, embedder: Embedder | undefined): Promise<Knowledge> {
  return createKnowledge({
    place: { directory },
    world: {
      now: Date.now,
      sleep: () => Promise.resolve(),
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    },
    embedder,
    formatFor: () => SECTIONS,
    fetchPage: () => Promise.reject(new Error("nothing to fetch")),
  });
}

const milliseconds = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

/** How long anything else in this thread had to wait, at most, from now until it is asked. */
function watchOthers(): () => Promise<number> {
  let [last, longest] = [performance.now(), 0];
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  return async () => {
    await pause(20);
    clearInterval(beat);
    return longest;
  };
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

async function measure(size: number, embedder: Embedder | undefined): Promise<{ search: number }> {
  const directory = mkdtempSync(join(tmpdir(), "heed-bench-"));
  const { passage, question } = createWriter();
  const writing = await open(directory, embedder);
  const adding = await milliseconds(async () => {
    for (let i = 0; i < size; i += PER_DOCUMENT) {
      const text = Array.from({ length: PER_DOCUMENT }, (_, j) => passage(i + j)).join("\n\n");
      const upload = { name: `d${i}`, origin: `d${i}`, bytes: new TextEncoder().encode(text) };
      const { passages } = await writing.add(upload, { workspace: "w", user: "u" }, signal);
      if (passages !== PER_DOCUMENT)
        throw new Error(`${passages} passages of at most ${LONGEST} units, not ${PER_DOCUMENT}`);
    }
  });
  await writing.settled();
  await writing.close();
  const before = process.memoryUsage();
  let reading: Knowledge | undefined;
  const search = async (words: string) => reading!.search(words, { workspace: "w", limit: 8 }, signal);
  const longestWait = watchOthers();
  const first = await milliseconds(async () => {
    reading = await open(directory, embedder);
    await search(question(0));
  });
  const waited = await longestWait();
  const { rss } = process.memoryUsage();
  const times: number[] = [];
  for (let i = 0; i < QUESTIONS; i++) times.push(await milliseconds(() => search(question(i))));
  const change = await milliseconds(async () => {
    await reading!.add(
      { name: "new", origin: "new", bytes: Buffer.from(passage(1)) },
      { workspace: "w", user: "u" },
      signal,
    );
    await search(question(1));
  });
  await reading?.close();
  times.sort((a, b) => a - b);
  const [middle, high] = [0.5, 0.99].map((share) => times[Math.floor(times.length * share)] ?? 0);
  console.log(
    `${size} passages, by words${embedder ? " and meaning" : ""}: added ${Math.round((size / adding) * 1000)}/s;`,
    `open + first search ${first.toFixed(0)} ms, others wait ${waited.toFixed(0)} ms at most;`,
    `search p50 ${middle?.toFixed(1)} ms, p99 ${high?.toFixed(1)} ms; add + search ${change.toFixed(1)} ms;`,
    `file ${megabytes(statSync(join(directory, "knowledge.sqlite")).size)}, rss +${megabytes(rss - before.rss)}`,
  );
  rmSync(directory, { recursive: true });
  return { search: middle ?? 0 };
}

for (const embedder of [undefined, createRandomEmbedder()]) {
  let smallest: number | undefined;
  for (const size of SIZES) {
    const { search } = await measure(size, embedder);
    smallest ??= search;
    console.log(`  a search takes ${(search / smallest).toFixed(1)} times what it takes over ${SIZES[0]} passages`);
  }
}
