// The foreseen error that a piece of work ends in; anything else ends the test.

import { BotError } from "../../src/core/errors.ts";

export function failureOf(work: () => unknown): BotError {
  try {
    work();
  } catch (error) {
    if (error instanceof BotError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
