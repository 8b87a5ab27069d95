// What the bench of the stores adds and asks: made-up documents from a fixed seed, or the articles of a benchmark's folder.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Format, Upload } from "../../src/core/knowledge.ts";

export interface Corpus {
  name: string;
  documents: Iterable<Upload>;
  /** The same for the same number. */
  question: (i: number) => string;
}

const PER_DOCUMENT = 50;

/** Every passage its own section, so that the count is known. */
export const SECTIONS: Format = {
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

/** Words by Zipf's law, half of the passages in Chinese characters, 50 passages and about 17,000 characters a document. */
export function madeUp(passages: number): Corpus {
  const random = createRandom(42);
  const rank = (most: number) => Math.floor(most ** random()) - 1;
  const english = () => `w${rank(60_000).toString(36)}`;
  const chinese = () => String.fromCodePoint(0x4e00 + ((rank(6000) * 7919) % 6000));
  const passage = (i: number) =>
    i % 2
      ? `# ${english()} ${i}\n\n${Array.from({ length: 65 }, english).join(" ")}.`
      : `# ${chinese()}${i}\n\n${Array.from({ length: 300 }, chinese).join("")}。`;
  const question = (i: number) =>
    i % 2 ? Array.from({ length: 8 }, english).join(" ") : Array.from({ length: 14 }, chinese).join("");
  function* documents() {
    for (let i = 0; i < passages; i += PER_DOCUMENT)
      yield uploadOf(`d${i}`, Array.from({ length: PER_DOCUMENT }, (_, j) => passage(i + j)).join("\n\n"));
  }
  const asked: string[] = [];
  return {
    name: `${passages} passages`,
    documents: documents(),
    question: (i) => (asked[i] ??= question(i)),
  };
}

/** One track of long documents. */
export function articles(folder: string, track: string): Corpus | undefined {
  const place = (file: string) => join(folder, track, file);
  if (!existsSync(place("documents.jsonl"))) return undefined;
  const lines = (file: string) =>
    readFileSync(place(file), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { id: string; text: string });
  const questions = lines("queries.jsonl").map(({ text }) => text);
  return {
    name: track,
    documents: lines("documents.jsonl").map(({ id, text }) => uploadOf(id, text)),
    question: (i) => questions[i % questions.length] ?? "",
  };
}

/** Uniform in [0, 1), the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

function uploadOf(name: string, text: string): Upload {
  return { name, origin: name, bytes: new TextEncoder().encode(text) };
}
