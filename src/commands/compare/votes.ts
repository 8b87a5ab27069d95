// Counts one vote a person, changeable until the reveal, in one atomic step of the records.

import { toJson } from "../../core/json.ts";
import type { Records } from "../../core/records.ts";
import type { Choice } from "./scores/bradley-terry.ts";
import { Ballot, keys, readRecord } from "./records.ts";

export type Verdict = "counted" | "closed" | "unknown-letter";

export interface Cast {
  ballot: Ballot;
  verdict: Verdict;
}

export function isRevealed(ballot: Ballot, now: number): boolean {
  return ballot.revealed !== undefined || now >= ballot.until;
}

/** The ballot with the vote, and whether it counted. Changes nothing of what it is given. */
export function cast(ballot: Ballot, voter: string, choice: string, now: number): Cast {
  if (isRevealed(ballot, now)) return { ballot, verdict: "closed" };
  if (![...ballot.letters, "tie", "bad"].includes(choice)) return { ballot, verdict: "unknown-letter" };
  const votes = { ...ballot.votes, [voter]: choice };
  const enough = Object.keys(votes).length >= ballot.after;
  const casts = ballot.casts + 1;
  return { ballot: { ...ballot, votes, casts, ...(enough && { revealed: "votes" as const }) }, verdict: "counted" };
}

export interface Voter {
  workspace: string;
  id: string;
  voter: string;
  choice: string;
  now: number;
}

/** Undefined where there is no such ballot. */
export async function castInto(
  records: Records,
  { workspace, id, voter, choice, now }: Voter,
): Promise<Cast | undefined> {
  let verdict: Verdict | undefined;
  if (!(await readRecord(records, keys.ballot(workspace, id), Ballot))) return undefined;
  const stored = await records.update(keys.ballot(workspace, id), (value) => {
    const ballot = Ballot.safeParse(value).data;
    if (!ballot) return value ?? null;
    const done = cast(ballot, voter, choice, now);
    verdict = done.verdict;
    return toJson(done.ballot);
  });
  return verdict ? { ballot: Ballot.parse(stored), verdict } : undefined;
}

/** Undefined where there is no such ballot. */
export async function revealBy(records: Records, workspace: string, id: string): Promise<Ballot | undefined> {
  if (!(await readRecord(records, keys.ballot(workspace, id), Ballot))) return undefined;
  const stored = await records.update(keys.ballot(workspace, id), (value) => {
    const ballot = Ballot.safeParse(value).data;
    return ballot
      ? toJson({ ...ballot, revealed: ballot.revealed ?? "asker", casts: ballot.casts + 1 })
      : (value ?? null);
  });
  return Ballot.safeParse(stored).data;
}

export function tally(ballot: Ballot): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const choice of Object.values(ballot.votes)) counts.set(choice, (counts.get(choice) ?? 0) + 1);
  return counts;
}

/** The votes as choices among models. "All bad" chooses none, so it says nothing of their order. */
export function choicesOf({ models, letters, votes }: Ballot, all: readonly string[]): readonly Choice[] {
  const modelOf = (letter: string) => models[all.indexOf(letter)]!;
  const options = letters.map(modelOf);
  return Object.values(votes).flatMap((choice) => {
    if (choice === "bad" || options.length < 2) return [];
    return [{ options, winners: choice === "tie" ? options : [modelOf(choice)] }];
  });
}
