// Exports how long a model may keep a person waiting.

/** Milliseconds. */
export interface Limits {
  /** From the request to the first word or thought. */
  firstToken: number;
  /** Between two signs of life after that. */
  silence: number;
  /** The whole answer. */
  whole: number;
}

export const LIMITS: Limits = { firstToken: 60_000, silence: 30_000, whole: 600_000 };

/** A local server may have to load tens of gigabytes first. */
export const LOCAL_LIMITS: Limits = { ...LIMITS, firstToken: 180_000 };
