// Writes and reads a button's 100 characters: a verb, its job and one more word.

export type Verb = "act" | "quote" | "stop" | "thread" | "again" | "more";

export interface Reference {
  verb: Verb;
  job: string;
  /** The action's place in the post's list, or who may stop, sealed. */
  rest: string;
}

const LONGEST = 100;
const VERBS: ReadonlySet<string> = new Set<Verb>(["act", "quote", "stop", "thread", "again", "more"]);

export function writeReference(verb: Verb, job: string, rest = ""): string {
  const written = `${verb}:${job}:${rest}`;
  if (written.length > LONGEST)
    throw new RangeError(`a reference of ${written.length} characters does not fit a button`);
  return written;
}

/** Undefined for what Heed did not write. */
export function readReference(written: string): Reference | undefined {
  const [, verb = "", job = "", rest = ""] = /^([a-z]+):([^:]+):([^:]*)$/.exec(written) ?? [];
  return VERBS.has(verb) ? { verb: verb as Verb, job, rest } : undefined;
}
