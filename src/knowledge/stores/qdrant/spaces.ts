// Which spaces of vectors the searched collection has, as last seen: a question is never compared with another embedder's passages.

import type { Runtime } from "../../../core/runtime.ts";
import { vectorsOf } from "./aliases.ts";
import { isGone } from "./call.ts";
import type { Collections } from "./collection.ts";
import { vectorName } from "./points.ts";

export interface Spaces {
  has(space: string): Promise<boolean>;
  /** Whether a search failed because the space is there no longer; it is looked for again then. */
  isLost(error: unknown): boolean;
  forget(): void;
}

/** How soon a process notices that another has built a collection with its space. */
const FRESH_MS = 5000;

export function createSpaces(collections: Collections, { now }: Pick<Runtime, "now">): Spaces {
  let seen: { at: number; spaces: ReadonlySet<string> } | undefined;
  const forget = () => void (seen = undefined);
  return {
    forget,
    isLost: (error) => {
      forget();
      return isGone(error);
    },
    async has(space) {
      if (!seen || now() - seen.at >= FRESH_MS)
        seen = { at: now(), spaces: await vectorsOf(collections, collections.name) };
      return seen.spaces.has(vectorName(space));
    },
  };
}
