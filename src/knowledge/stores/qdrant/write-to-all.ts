// A write goes to the collection that is searched and to the one that is being built, whichever they are by the time it ends.

import { behind } from "./aliases.ts";
import { isGone } from "./call.ts";
import { shelfOf, type Collections } from "./collection.ts";
import type { Shelf } from "./requests.ts";

/**
 * Begins with the collections that this process saw last, and looks again after each round: what began to be built
 * meanwhile may have been copied before this write, and what took the other's place meanwhile is what is searched now.
 */
export function createWriteToAll(
  collections: Collections,
): (write: (collection: Shelf) => Promise<unknown>) => Promise<void> {
  let seen: readonly string[] | undefined;
  const look = async () => (seen = await namesOf(collections));
  return async (write) => {
    const written = new Set<string>();
    let names = seen ?? (await look());
    for (;;) {
      const name = names.find((each) => !written.has(each));
      if (name === undefined) {
        names = await look();
        if (names.every((each) => written.has(each))) return;
        continue;
      }
      try {
        await write(shelfOf(collections, name));
      } catch (error) {
        names = await look();
        if (names.includes(name) || !isGone(error)) throw error;
      }
      written.add(name);
    }
  };
}

async function namesOf(collections: Collections): Promise<readonly string[]> {
  const { current, next } = await behind(collections);
  return next === undefined ? [current] : [current, next];
}
