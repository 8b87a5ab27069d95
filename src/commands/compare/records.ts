// Defines what is saved of a comparison: the question, each finished answer, and the votes.

import { createHash } from "node:crypto";
import { z } from "zod";
import type { Address } from "../../core/invocation.ts";
import { Language } from "../../core/language.ts";
import { nameOfPlace, Privacy } from "../../core/privacy.ts";
import type { Records } from "../../core/records.ts";
import { DAY_MS } from "../../core/time.ts";

/** Words are kept half a year, and those that were asked in private no longer than a vote can last; votes, which hold none, for good. */
const WORDS_TTL = 180 * DAY_MS;
const PRIVATE_WORDS_TTL = 31 * DAY_MS;

/** The question, written once by the first attempt, so that a later one asks the same models in the same order. */
export const Comparison = z.object({
  id: z.string(),
  channel: z.string(),
  /** A digest of where it was asked, threads apart. Those of earlier versions do not say, and count as private. */
  place: z.string().default(""),
  privacy: Privacy.default("private"),
  /** A digest: enough to know the asker again. */
  asker: z.string(),
  askerName: z.string(),
  prompt: z.string(),
  system: z.string().optional(),
  temperature: z.number().optional(),
  maxTokens: z.number().optional(),
  kb: z.boolean(),
  open: z.boolean(),
  judge: z.string().optional(),
  language: Language,
  /** Model names; the first is shown as A. */
  models: z.array(z.string()).min(2).max(6),
  /** Those that take no temperature, where one was asked for, and those that think before they write. */
  unsampled: z.array(z.string()).default([]),
  thinking: z.array(z.string()).default([]),
});
export type Comparison = z.infer<typeof Comparison>;

/** How long its words are kept, in milliseconds. */
export function wordsTtl({ privacy }: Pick<Comparison, "privacy">): number {
  return privacy === "private" ? PRIVATE_WORDS_TTL : WORDS_TTL;
}

/** The newest comparison of a place, or of one person's private ones there; `at` is in milliseconds since 1970. */
export const Latest = z.object({ id: z.string(), at: z.number() });

/** The votes, by digests of the voters. "A".."F", "tie" or "bad". */
export const Ballot = z.object({
  channel: z.string(),
  language: Language,
  topic: z.string(),
  models: z.array(z.string()),
  /** The letters that can be voted for: a model that failed cannot win or lose. */
  letters: z.array(z.string()),
  at: z.number(),
  /** Revealed after this many votes or at this time, whichever comes first; or by the asker. */
  after: z.number(),
  until: z.number(),
  revealed: z.enum(["votes", "asker"]).optional(),
  votes: z.record(z.string(), z.string()),
  /** How often it has changed. */
  casts: z.number().default(0),
});
export type Ballot = z.infer<typeof Ballot>;

/** A person as a digest: knows one person again in one workspace, and says nothing of who it is. */
export function wordsDigest(workspace: string, person: string): string {
  return createHash("sha256").update(`${workspace}\0${person}`).digest("hex").slice(0, 20);
}

/** Where something was asked, threads apart, as a digest. */
export function comparisonPlace(address: Address): string {
  return wordsDigest(address.workspace, nameOfPlace(address));
}

/** What can be opened from a place, the place itself first: whoever is in a thread can read its channel, but not the other way round. */
export function placesSeenFrom(address: Address): readonly string[] {
  return [...new Set([comparisonPlace(address), comparisonPlace({ ...address, thread: undefined })])];
}

const part = (text: string) => encodeURIComponent(text).slice(0, 150);
const inWorkspace = (kind: string, workspace: string, id = "") =>
  `compare/${kind}/${part(workspace).slice(0, 40)}/${part(id)}`;

/** Everything is kept under its workspace, so that no id of another one opens anything. */
export const keys = {
  question: (workspace: string, id: string) => inWorkspace("question", workspace, id),
  ballot: (workspace: string, id: string) => inWorkspace("ballot", workspace, id),
  verdict: (workspace: string, id: string) => inWorkspace("verdict", workspace, id),
  passages: (workspace: string, id: string) => inWorkspace("passages", workspace, id),
  drawing: (workspace: string, id: string) => inWorkspace("drawing", workspace, id),
  /** `asker` is a digest, for what only that person may open. */
  latest: (workspace: string, { place, asker }: { place: string; asker?: string | undefined }) =>
    inWorkspace("latest", workspace, asker ? `${place}-${asker}` : place),
  /** By invocation and model. */
  answer: (workspace: string, id: string, model: string) =>
    `compare/answer/${wordsDigest(workspace, id)}/${wordsDigest("", model)}`,
};

/** Undefined where nothing is kept, or nothing that can be read any more. */
export async function readRecord<Kept>(
  records: Records,
  key: string,
  schema: z.ZodType<Kept>,
): Promise<Kept | undefined> {
  const kept = await records.get(key);
  return kept === undefined ? undefined : schema.safeParse(kept).data;
}
