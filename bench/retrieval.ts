// Runs the product's own ingest and search over a split of the retrieval benchmark and writes one run file per track.
//   npm run bench:retrieval -- FOLDER --runs DIR [--dense] [--only TRACK] [--around NAME]
// `--around` puts words around every question (bench/around.ts). `--dense` adds the bundled encoder's vectors. FOLDER holds the tracks (zh, en, faq-zh, faq-en, xling, long-*, unans); those that are missing are left out. Scores nothing itself.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createAttention } from "../src/attention/index.ts";
import { bundledEmbedder } from "../src/bot/app.ts";
import type { Embedder, Format } from "../src/core/knowledge.ts";
import { languageOf } from "../src/core/language.ts";
import { createRuntime } from "../src/runtime/runtime.ts";
import { createPainter } from "../src/attention/picture/paint.ts";
import { createKnowledge, type Knowledge } from "../src/knowledge/index.ts";
import { AROUND, type Around } from "./around.ts";

interface Source {
  id: string;
  title: string;
  text: string;
}

interface Asked {
  id: string;
  text: string;
}

interface Track {
  name: string;
  corpora: readonly string[];
  queries: readonly string[];
  line: (answers: Answers, query: Asked) => Promise<object>;
}

type Answers = (question: string, limit: number) => ReturnType<Knowledge["search"]>;

const WORKSPACE = "bench";
const DOCUMENTS = 10;
const PASSAGES = 30;
const ignore = (): void => undefined;
const signal = new AbortController().signal;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string" },
    dense: { type: "boolean" },
    only: { type: "string" },
    around: { type: "string" },
  },
});
const [folder] = positionals;
const around =
  values.around === undefined ? undefined : new Map<string, Around>(Object.entries(AROUND)).get(values.around);
if (!folder || !values.runs || (values.around !== undefined && !around)) {
  console.error(`usage: npm run bench:retrieval -- FOLDER --runs DIR [--around ${Object.keys(AROUND).join("|")}]`);
  process.exit(2);
}

/** The origins of the corpus are its ids; the store's own ids are shorter. */
const originOf = new Map<string, string>();

const rank: Track["line"] = async (answers, { id, text }) => {
  const { hits } = await answers(text, PASSAGES);
  const docs = [...new Set(hits.map(({ documentId }) => originOf.get(documentId)))].slice(0, DOCUMENTS);
  return { id, docs };
};
const cite: Track["line"] = async (answers, { id, text }) => {
  const { hits } = await answers(text, PASSAGES);
  return { id, chunks: hits.map(({ documentId, start, end }) => ({ doc: originOf.get(documentId), start, end })) };
};
const trust: Track["line"] = async (answers, { id, text }) => {
  const { confidence, answerable } = await answers(text, 1);
  return { id, score: confidence, answerable };
};

const short = (name: string, parts = [name]): Track => ({
  name,
  corpora: parts.map((part) => `${part}/corpus.jsonl`),
  queries: parts.map((part) => `${part}/queries.jsonl`),
  line: rank,
});
const both = ["zh", "en"].map((part) => `${part}/corpus.jsonl`);
const asked = ["zh", "en"].map((part) => `${part}/queries.jsonl`);
const TRACKS: readonly Track[] = [
  ...["zh", "en", "faq-zh", "faq-en"].map((name) => short(name)),
  short("mixed", ["zh", "en"]),
  short(
    "all",
    ["zh", "en", "faq-zh", "faq-en"].filter((part) => existsSync(join(folder, part))),
  ),
  { name: "xling-zh2en", corpora: both, queries: ["xling/queries_zh2en.jsonl"], line: rank },
  {
    name: "xling-en2zh",
    corpora: [both[0]!, "xling/corpus_zh.jsonl"],
    queries: ["xling/queries_en2zh.jsonl"],
    line: rank,
  },
  ...["long-zh", "long-en", "long-en2"].map((name) => ({
    name,
    corpora: [`${name}/documents.jsonl`],
    queries: [`${name}/queries.jsonl`],
    line: cite,
  })),
  { name: "unans", corpora: both, queries: [...asked, "unans/queries.jsonl"], line: trust },
];

/** A corpus line is text already: only its title has to be set apart, so that offsets count from the text. */
const AS_IT_IS: Format = {
  name: "corpus",
  extensions: [],
  mediaTypes: [],
  read: (bytes) => {
    const { title, text } = JSON.parse(new TextDecoder().decode(bytes)) as Source;
    return Promise.resolve({ title, text, headings: [], pages: [], warnings: [] });
  },
};

const runtime = createRuntime({ debug: ignore, info: ignore, warn: console.warn, error: console.error });
const attention = values.dense ? createAttention(runtime, { painter: createPainter(runtime) }) : undefined;
const embedder = attention && remember(bundledEmbedder(attention));
mkdirSync(values.runs, { recursive: true });
for (const track of TRACKS.filter(({ name }) => !values.only || name === values.only)) {
  if ([...track.corpora, ...track.queries].every((file) => existsSync(join(folder, file))))
    await run(folder, track, values.runs);
}
await attention?.close();

function said(question: string): string {
  return around?.[languageOf(question) ?? "en"](question) ?? question;
}

/** Tracks share documents, and a vector is the same in each. */
function remember(embedder: Embedder): Embedder {
  const known = new Map<string, Promise<Float32Array>>();
  const one = async (text: string) => (await embedder.embed([text], signal))[0]!;
  return {
    ...embedder,
    embed: (texts) =>
      Promise.all(
        texts.map((text) => {
          if (!known.has(text)) known.set(text, one(text));
          return known.get(text)!;
        }),
      ),
  };
}

async function run(from: string, { name, corpora, queries, line }: Track, runs: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "heed-bench-"));
  const knowledge = await openKnowledge(directory);
  try {
    const documents = corpora.flatMap((file) => readLines<Source>(join(from, file)));
    const started = performance.now();
    for (const document of documents) await add(knowledge, document);
    await knowledge.settled();
    const added = performance.now();
    const answers: Answers = (question, limit) => knowledge.search(question, { workspace: WORKSPACE, limit }, signal);
    const lines: string[] = [];
    for (const file of queries) {
      const asked = readLines<Asked>(join(from, file)).map(({ id, text }) => ({ id, text: said(text) }));
      for (const query of asked) lines.push(JSON.stringify(await line(answers, query)));
      const answered = lines.slice(-asked.length).filter((each) => each.includes('"answerable":true')).length;
      if (line === trust) console.log(`${name}: ${file}: ${answered} of ${asked.length} answered`);
    }
    writeFileSync(join(runs, `${name}.jsonl`), `${lines.join("\n")}\n`);
    const perQuery = ((performance.now() - added) / lines.length).toFixed(2);
    console.log(
      `${name}: ${documents.length} documents in ${((added - started) / 1000).toFixed(1)} s, ${lines.length} questions, ${perQuery} ms each`,
    );
  } finally {
    await knowledge.close();
    rmSync(directory, { recursive: true });
  }
}

function openKnowledge(directory: string): Promise<Knowledge> {
  return createKnowledge({
    place: { directory },
    // Nobody is waiting, so nothing is put off.
    runtime: { ...runtime, sleep: () => Promise.resolve() },
    embedder,
    formatFor: () => AS_IT_IS,
    fetchPage: () => Promise.reject(new Error("the benchmark fetches nothing")),
  });
}

async function add(knowledge: Knowledge, { id, title, text }: Source): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify({ title, text }));
  const upload = { name: title || id, bytes, origin: id };
  const { document } = await knowledge.add(upload, { workspace: WORKSPACE, user: "bench" }, signal);
  originOf.set(document.id, id);
}

function readLines<Line>(file: string): Line[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => JSON.parse(line) as Line);
}
