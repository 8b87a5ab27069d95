// Orders the fallbacks of an answer that a platform refuses: other forms, then other places.

/** Where an answer is shown, by whose right, and whether over what stands there or anew. */
export interface Stage {
  place: string;
  by: string;
  verb: "edit" | "post";
}

export interface Ladder<Part extends string> {
  /** The best first. */
  stages: readonly Stage[];
  /** What can be left out of a message, what is missed least first. */
  parts: readonly Part[];
}

export interface Rung<Part extends string> {
  /** Which of the stages. */
  stage: number;
  without: readonly Part[];
  /** Of these, the parts that a refusal named: they stay out wherever the answer goes. */
  named: readonly Part[];
}

/** What a refusal is about: a part of the message, or what another stage must do differently. Undefined where it does not say. */
export type Blame<Part extends string> = Part | keyof Stage | undefined;

/** Where an answer begins: whole, on the best stage. */
export const topRung = { stage: 0, without: [], named: [] };

/**
 * The next rung after a refusal, or undefined below the last one. Every rung is taken once: each step leaves out more
 * or goes to a later stage. `held`: the parts that the refused message held. On the first stage the parts go one by
 * one; later ones are tried whole, then bare.
 */
export function nextRung<Part extends string>(
  { stages, parts }: Ladder<Part>,
  { stage, without, named }: Rung<Part>,
  blame: Blame<Part>,
  held: readonly Part[],
): Rung<Part> | undefined {
  const now = stages[stage];
  if (!now) return undefined;
  if (isAboutStage(blame)) {
    const next = stages.findIndex((other, i) => i > stage && other[blame] !== now[blame]);
    return next < 0 ? undefined : { stage: next, without: named, named };
  }
  const left = parts.filter((part) => held.includes(part) && !without.includes(part));
  if (blame !== undefined && left.includes(blame))
    return { stage, without: [...without, blame], named: [...named, blame] };
  if (left.length > 0) return { stage, without: [...without, ...(stage === 0 ? left.slice(0, 1) : left)], named };
  return stage + 1 < stages.length ? { stage: stage + 1, without: named, named } : undefined;
}

/** What a platform makes of an error: whether it is a final refusal, and of what. */
export interface Judgement<Part extends string> {
  blame: Blame<Part>;
  held: readonly Part[];
}

export interface Climb<Part extends string> {
  /** Shows the answer on this rung; throws where that is refused. */
  attempt: (rung: Rung<Part>) => Promise<void>;
  /** Undefined for what is no refusal, such as a limit of pace or a broken line: that is thrown. */
  judge: (error: unknown) => Judgement<Part> | undefined;
  /** Told of every refusal and of what is tried next. */
  tell: (error: unknown, next: Rung<Part> | undefined) => void;
}

/** Goes down until a rung holds, and returns it. Throws the last refusal where none does. */
export async function descend<Part extends string>(
  ladder: Ladder<Part>,
  from: Rung<Part>,
  { attempt, judge, tell }: Climb<Part>,
): Promise<Rung<Part>> {
  for (let rung = from; ;) {
    try {
      await attempt(rung);
      return rung;
    } catch (error) {
      const judgement = judge(error);
      if (!judgement) throw error;
      const next = nextRung(ladder, rung, judgement.blame, judgement.held);
      tell(error, next);
      if (!next) throw error;
      rung = next;
    }
  }
}

function isAboutStage(blame: string | undefined): blame is keyof Stage {
  return blame === "place" || blame === "by" || blame === "verb";
}
