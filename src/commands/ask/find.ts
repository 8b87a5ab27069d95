// From a question in its conversation to the passages that may answer it: the files it came with first, then the knowledge base.

import { withoutCourtesy } from "../../core/clauses.ts";
import type { Found, Hit } from "../../core/knowledge.ts";
import type { Reply } from "../../core/reply.ts";
import { historyOf, type Ask } from "./call.ts";
import { queriesFor, type Query } from "./follow-up.ts";
import { SEARCHING } from "./phrases.ts";
import { hitsOf, normalise, readAttachments, type FileOutcome } from "./read-attachments.ts";

const PASSAGES = 8;
/** From the knowledge base, beside the passages of files that came along. */
const BESIDE_FILES = 4;

export interface Findings {
  /** Empty where nothing answers the question. */
  hits: readonly Hit[];
  files: readonly FileOutcome[];
  /** What the knowledge base found. */
  found: Found;
}

export async function* findPassages(call: Ask): AsyncGenerator<Reply, Findings, undefined> {
  const { args, invocation, say } = call;
  const queries = queriesFor(args.question, { history: historyOf(call), background: invocation.context });
  const files = yield* readAttachments(queries[0]?.text ?? args.question, call);
  yield { type: "status", text: say(SEARCHING) };
  const found = await searchInTurn(queries, call);
  const fromFiles = hitsOf(files);
  if (fromFiles.length === 0) return { hits: found.answerable ? found.hits : [], files, found };
  const beside = found.answerable ? normalise(found.hits).slice(0, BESIDE_FILES) : [];
  return { hits: [...fromFiles, ...beside], files, found };
}

/** The first search that finds an answer; where none does, what the first one came closest to. */
async function searchInTurn(queries: readonly Query[], { tools, workspace, signal }: Ask): Promise<Found> {
  const where = ({ isJoined = false }: Query) => ({ workspace, limit: PASSAGES, isJoined });
  let closest: Found | undefined;
  for (const query of queries) {
    const found = await tools.knowledge.search(query.text, where(query), signal);
    if (found.answerable && (!query.mustMention || mentions(found.hits, withoutCourtesy(queries[0]?.text ?? ""))))
      return found;
    closest ??= { ...found, answerable: false };
  }
  return closest ?? { hits: [], confidence: 0, answerable: false };
}

/** Whether one of the best passages has a word of the question, or two neighbouring Chinese characters of it. */
function mentions(hits: readonly Hit[], question: string): boolean {
  const words = question.toLowerCase().match(/\p{Script=Han}{2}|[^\P{L}\p{Script=Han}]{3,}|\p{N}+/gu) ?? [];
  const texts = hits.slice(0, 3).map(({ text, title }) => `${title}\n${text}`.toLowerCase());
  return words.some((word) => texts.some((text) => text.includes(word)));
}
