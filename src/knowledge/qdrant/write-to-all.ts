// A write goes to the collection that is searched and to the one that is being built, whichever they are by the time it ends.

import { isGone } from "./call.ts";
import { behind } from "./aliases.ts";
import type { Collections } from "./collection.ts";
import type { Shelf } from "./documents.ts";

/**
 * Looks again after each round: what began to be built meanwhile may have been copied before this write, and what took
 * the other's place meanwhile is what is searched now.
 */
export async function writeToAll(collections: Collections, write: (shelf: Shelf) => Promise<unknown>): Promise<void> {
  const { call } = collections;
  const written = new Set<string>();
  for (;;) {
    const name = (await namesOf(collections)).find((each) => !written.has(each));
    if (name === undefined) return;
    try {
      await write({ name, call });
    } catch (error) {
      const isStanding = (await namesOf(collections)).includes(name);
      if (isStanding || !isGone(error)) throw error;
    }
    written.add(name);
  }
}

async function namesOf(collections: Collections): Promise<readonly string[]> {
  const { current, next } = await behind(collections);
  return next === undefined ? [current] : [current, next];
}
