// Measures the stores side by side: the embedded one, and Qdrant where QDRANT_URL says where it is. Adding, opening with a
// first search, searching one at a time and eight at a time, by words alone and by meaning too (vectors of 512 random
// numbers: what they say does not matter here).
//   npm run bench:store -- [most passages, 100000] [--only embedded|Qdrant] [--words] [--articles FOLDER]
// QDRANT_PID names the server's process for its memory; QDRANT_API_KEY its key. FOLDER holds a benchmark's tracks of long documents.

import { setImmediate as turn } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Embedder } from "../src/core/knowledge.ts";
import { createKnowledge, type Knowledge } from "../src/knowledge/index.ts";
import { embeddedPlace, qdrantPlace, type Place } from "./store/places.ts";
import { articles, createRandom, madeUp, SECTIONS, type Corpus } from "./store/texts.ts";
import { milliseconds, watchOthers, watchTraffic } from "./store/watch.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string" }, words: { type: "boolean" }, articles: { type: "string" } },
});
const SIZES = [1000, 10_000, 100_000].filter((size) => size <= Number(positionals[0] ?? 100_000));
const TRACKS = ["long-zh", "long-en"];
const { QDRANT_URL: url, QDRANT_API_KEY: apiKey, QDRANT_PID: pid } = process.env;
/** Asked before anything is measured, then asked and measured; none twice. */
const [WARMING, QUESTIONS] = [100, 200];
const ASKERS = 8;
const WORKSPACE = "w";
const signal = new AbortController().signal;
const ignore = (): void => undefined;
const runtime = {
  now: Date.now,
  sleep: () => Promise.resolve(),
  log: { debug: ignore, info: ignore, warn: (event: string) => console.log(`  warning: ${event}`), error: ignore },
};
const traffic = watchTraffic();

/** Takes no time itself, so that the store's is measured. */
function createRandomEmbedder(): Embedder {
  const random = createRandom(7);
  const vector = () => {
    const numbers = Float32Array.from({ length: 512 }, () => random() - 0.5);
    const length = Math.hypot(...numbers);
    return numbers.map((each) => each / length);
  };
  return { name: "random", embed: (texts) => Promise.resolve(texts.map(vector)) };
}

async function open(place: Place, embedder: Embedder | undefined): Promise<Knowledge> {
  return createKnowledge({
    place: await place.open(runtime),
    runtime,
    embedder,
    formatFor: () => SECTIONS,
    fetchPage: () => Promise.reject(new Error("nothing to fetch")),
  });
}

interface Adding {
  passages: number;
  perSecond: number;
}

async function addAll(writing: Knowledge, { documents }: Corpus): Promise<Adding> {
  let passages = 0;
  const ms = await milliseconds(async () => {
    for (const upload of documents)
      passages += (await writing.add(upload, { workspace: WORKSPACE, user: "u" }, signal)).passages;
  });
  return { passages, perSecond: (passages / ms) * 1000 };
}

interface Searching {
  p50: number;
  p95: number;
  p99: number;
  hold: number;
  requests: number;
  kilobytes: number;
  perSecond: number;
}

async function searchAll(reading: Knowledge, { question }: Corpus): Promise<Searching> {
  const search = (i: number) => reading.search(question(i), { workspace: WORKSPACE, limit: 8 }, signal);
  for (let i = 0; i < WARMING; i++) await search(i);
  const before = { ...traffic };
  const longestWait = watchOthers();
  const times: number[] = [];
  for (let i = WARMING; i < WARMING + QUESTIONS; i++) {
    times.push(await milliseconds(() => search(i)));
    // The embedded store answers at once, and nobody else's turn would come between two questions.
    await turn();
  }
  const hold = await longestWait();
  const [requests, bytes] = [traffic.requests - before.requests, traffic.bytes - before.bytes];
  let next = WARMING + QUESTIONS;
  const ms = await milliseconds(() =>
    Promise.all(
      Array.from({ length: ASKERS }, async () => {
        while (next < WARMING + 2 * QUESTIONS) await search(next++);
      }),
    ),
  );
  times.sort((a, b) => a - b);
  const [p50 = 0, p95 = 0, p99 = 0] = [0.5, 0.95, 0.99].map((share) => times[Math.floor(times.length * share)]);
  const perSearch = { requests: requests / QUESTIONS, kilobytes: bytes / QUESTIONS / 1000 };
  return { p50, p95, p99, hold, ...perSearch, perSecond: (QUESTIONS / ms) * 1000 };
}

async function measure(place: Place, corpus: Corpus, embedder: Embedder | undefined): Promise<string[]> {
  const outside = await place.memory();
  const writing = await open(place, embedder);
  const added = await addAll(writing, corpus);
  const describing = await milliseconds(() => writing.settled());
  await writing.close();
  const before = process.memoryUsage().rss;
  let reading: Knowledge | undefined;
  const opening = await milliseconds(async () => (reading = await open(place, embedder)));
  const longestWait = watchOthers();
  const first = await milliseconds(() =>
    reading!.search(corpus.question(0), { workspace: WORKSPACE, limit: 8 }, signal),
  );
  const firstHold = await longestWait();
  const found = await searchAll(reading!, corpus);
  const inside = process.memoryUsage().rss - before;
  const memory = await place.memory();
  await reading?.close();
  const disk = place.disk();
  return [
    place.name,
    `${corpus.name}${embedder ? ", with meaning" : ""}`,
    `${added.passages} at ${added.perSecond.toFixed(0)}/s`,
    embedder ? `${((added.passages / describing) * 1000).toFixed(0)}/s` : "-",
    `${opening.toFixed(0)}, ${first.toFixed(0)}, ${firstHold.toFixed(0)}`,
    [found.p50, found.p95, found.p99].map((ms) => ms.toFixed(1)).join(", "),
    found.requests.toFixed(1),
    found.kilobytes.toFixed(0),
    found.hold.toFixed(0),
    found.perSecond.toFixed(0),
    `+${megabytes(inside)}`,
    memory === undefined || outside === undefined ? "?" : `+${megabytes(memory - outside)} to ${megabytes(memory)}`,
    disk === undefined ? "?" : megabytes(disk),
  ];
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

const columns =
  "store|corpus|added|described|open, first search, others wait ms|p50, p95, p99 ms|requests|kB|others wait ms|per s, 8 askers|MB here|MB server|MB file".split(
    "|",
  );
console.log(`| ${columns.join(" | ")} |\n|${columns.map(() => " --- |").join("")}`);
const makers: (() => Place)[] = [
  ...(values.only === "Qdrant" ? [] : [embeddedPlace]),
  ...(url && values.only !== "embedded"
    ? [() => qdrantPlace({ url, ...(apiKey && { apiKey }), ...(pid && { pid }) })]
    : []),
];
const corpora: (() => Corpus | undefined)[] = [
  ...SIZES.map((size) => () => madeUp(size)),
  ...(values.articles ? TRACKS.map((track) => () => articles(values.articles!, track)) : []),
];
for (const embedder of [undefined, ...(values.words ? [] : [createRandomEmbedder()])])
  for (const makeCorpus of corpora)
    for (const makePlace of makers) {
      const corpus = makeCorpus();
      if (!corpus) continue;
      const place = makePlace();
      try {
        console.log(`| ${(await measure(place, corpus, embedder)).join(" | ")} |`);
      } finally {
        await place.discard();
      }
    }
