// What puts left behind that did not come to their end: passages that no document names. No search shows them.

import type { Runtime } from "../../../core/runtime.ts";
import type { Kind } from "./points.ts";
import { countByValue, countPoints, is, scroll, write, type Filter, type Shelf } from "./requests.ts";

/** No put takes as long as this, so what is older belongs to none that is under way. */
const LONGEST_PUT_MS = 60 * 60_000;

/** A document that stands, as far as it tells which passages are its own. */
interface Owning {
  revision: string;
  passages: number;
}

/** Removes them where they are old enough. Resolves with of how many documents. */
export async function sweepLeftovers(
  collection: Shelf,
  standing: readonly Owning[],
  { now }: Pick<Runtime, "now">,
  signal: AbortSignal,
): Promise<number> {
  const before = now() - LONGEST_PUT_MS;
  const left = new Set([
    ...(await pendingSince(collection, before, signal)),
    ...(await ownerless(collection, standing, before, signal)),
  ]);
  for (const revision of left)
    for (const kind of ["pending", "passage"] satisfies Kind[])
      await write(collection, [{ delete: { filter: ofRevision(kind, revision) } }], signal);
  return left.size;
}

async function pendingSince(collection: Shelf, before: number, signal: AbortSignal): Promise<Set<string>> {
  const left = new Set<string>();
  const fields = ["revision", "at"];
  for await (const { payload } of scroll(collection, [is("kind", "pending" satisfies Kind)], { fields, signal })) {
    const { revision, at } = payload as { revision: string; at: number };
    if (at < before) left.add(revision);
  }
  return left;
}

/** The server ended between two steps of a put. Looked for only where there are more passages than the documents have. */
async function ownerless(
  collection: Shelf,
  standing: readonly Owning[],
  before: number,
  signal: AbortSignal,
): Promise<Set<string>> {
  const filter = { must: [is("kind", "passage" satisfies Kind)] };
  const owned = standing.reduce((sum, { passages }) => sum + passages, 0);
  if ((await countPoints(collection, filter, signal)) <= owned) return new Set();
  const named = new Set(standing.map(({ revision }) => revision));
  const limit = 2 * standing.length + 1000;
  const counted = await countByValue(collection, { key: "revision", filter, limit }, signal);
  const left = new Set<string>();
  for (const revision of counted.keys())
    if (!named.has(revision) && (await isOlder(collection, revision, before, signal))) left.add(revision);
  return left;
}

async function isOlder(collection: Shelf, revision: string, before: number, signal: AbortSignal): Promise<boolean> {
  const pages = scroll(collection, ofRevision("passage", revision).must, { fields: ["at"], signal });
  for await (const { payload } of pages) return (payload as { at: number }).at < before;
  return false;
}

function ofRevision(kind: Kind, revision: string): Filter {
  return { must: [is("kind", kind), is("revision", revision)] };
}
