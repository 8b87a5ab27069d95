// Asks the bundled primer what people ask in their own words, and counts how often the first quote stands under the right heading.
//   node bench/primer.ts [--dense] [--show]
// bench/primer/questions.jsonl holds the questions with the documents and the beginnings of the headings that answer them; those
// without any should be declined. `--dense` adds the bundled encoder's vectors, `--show` prints what missed.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { createAttention } from "../src/attention/index.ts";
import { createPainter } from "../src/attention/picture/paint.ts";
import { bundledEmbedder } from "../src/bot/app.ts";
import type { Hit } from "../src/core/knowledge.ts";
import { formatFor } from "../src/knowledge/formats/index.ts";
import { createKnowledge } from "../src/knowledge/index.ts";
import { createRuntime } from "../src/runtime/runtime.ts";

const Question = z.object({
  language: z.enum(["en", "zh-TW"]),
  question: z.string(),
  documents: z.array(z.string()),
  sections: z.array(z.string()),
});
type Question = z.infer<typeof Question>;

const FIRST = 3;
const ignore = (): void => undefined;
const signal = new AbortController().signal;
const { values } = parseArgs({ options: { dense: { type: "boolean" }, show: { type: "boolean" } } });
const runtime = createRuntime({ debug: ignore, info: ignore, warn: console.warn, error: console.error });
const attention = createAttention(runtime, { painter: createPainter(runtime) });
const directory = mkdtempSync(join(tmpdir(), "heed-primer-"));
const knowledge = await createKnowledge({
  place: { directory },
  // Nobody is waiting, so nothing is put off.
  runtime: { ...runtime, sleep: () => Promise.resolve() },
  embedder: values.dense ? bundledEmbedder(attention) : undefined,
  formatFor,
  fetchPage: () => Promise.reject(new Error("the benchmark fetches nothing")),
});
await knowledge.loadPrimer({}, signal);
await knowledge.settled();
const origins = new Map((await knowledge.list("w")).map(({ id, origin }) => [id, origin]));

const questions = readFileSync(join(import.meta.dirname, "primer/questions.jsonl"), "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => Question.parse(JSON.parse(line)));
for (const language of ["en", "zh-TW"] as const) {
  const asked = questions.filter((each) => each.language === language);
  const results = await Promise.all(asked.map(ask));
  const share = (holds: (result: Result) => boolean, of: (result: Result) => boolean) => {
    const all = results.filter(of);
    return `${all.filter(holds).length} of ${all.length}`;
  };
  const has = ({ question }: Result) => question.documents.length > 0;
  console.log(
    `${language}: right at once ${share(({ place }) => place === 0, has)}, among ${FIRST} ${share(({ place }) => place >= 0 && place < FIRST, has)},`,
    `answered ${share(({ answerable }) => answerable, has)}, declined ${share(
      ({ answerable }) => !answerable,
      (result) => !has(result),
    )}`,
  );
  if (values.show) results.filter((result) => has(result) && (result.place !== 0 || !result.answerable)).forEach(show);
}
await knowledge.close();
await attention.close();
rmSync(directory, { recursive: true });

interface Result {
  question: Question;
  hits: readonly Hit[];
  /** Where the first hit under the right heading stands; -1 for nowhere. */
  place: number;
  answerable: boolean;
}

async function ask(question: Question): Promise<Result> {
  const { hits, answerable } = await knowledge.search(question.question, { workspace: "w", limit: 8 }, signal);
  const isRight = ({ documentId, headings }: Hit) =>
    question.documents.some((name) => origins.get(documentId) === `primer/${question.language}/${name}.md`) &&
    question.sections.some((section) => headings.some((heading) => heading.includes(section)));
  return { question, hits, place: hits.findIndex(isRight), answerable };
}

function show({ question, hits, place, answerable }: Result): void {
  const { headings, text, start, quote } = hits[0] ?? { headings: [], text: "", start: 0, quote: { start: 0, end: 0 } };
  const said = text.slice(quote.start - start, quote.end - start).replaceAll(/\s+/g, " ");
  console.log(
    `  ${question.question} [${place}${answerable ? "" : ", declined"}] ${headings.join(" › ")}: ${said.slice(0, 100)}`,
  );
}
