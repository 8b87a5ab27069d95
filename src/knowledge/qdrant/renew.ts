// Describing documents anew. New ones where they stand; all of them, for another embedder or other words, in a new
// collection beside the old one, which answers until the alias moves.

import type { World } from "../../core/world.ts";
import type { Renewal, Ways } from "../store.ts";
import { beginNext, behind, clearAway, hasRoom, moveAlias } from "./aliases.ts";
import type { Collections } from "./collection.ts";
import { is, lay, layOver, readPassages, readDocument, removeDocument, scroll, type Shelf } from "./documents.ts";
import { DocumentPayload, readCut, readListed } from "./points.ts";

/** What is compared of a document to know whether it is there and as it should be. */
const Outline = DocumentPayload.pick({ workspace: true, document: true, revision: true, words: true, space: true });
type Outline = ReturnType<(typeof Outline)["parse"]>;

/** `mayMove`: whoever starts last decides for which embedder the collection is, or workers of two kinds would build in turns. */
export async function renew(
  collections: Collections,
  renewal: Renewal,
  { log, mayMove }: Pick<World, "log"> & { mayMove: boolean },
  signal: AbortSignal,
): Promise<number> {
  const { call } = collections;
  const { ways } = renewal;
  const { current, next } = await behind(collections);
  const standing = { name: current, call };
  const outlines = await outlinesOf(standing, signal);
  const stale = outlines.filter((outline) => !isDescribedBy(outline, ways));
  const isOurs = await hasRoom(collections, current, ways.space);
  if (!isOurs && !mayMove) {
    log.warn("another worker keeps the knowledge base for another embedder", { current, ...ways });
    return 0;
  }
  const fits = isOurs && (!mayMove || stale.every(({ words }) => words === ways.words));
  if (stale.length === 0 || fits) {
    // What was begun for other ways, or has become the current one, is wanted no longer.
    await clearAway(collections, [current]);
    return describeAll(standing, standing, stale, renewal, signal);
  }
  await clearAway(collections, next === undefined ? [current] : [current, next]);
  log.info("building the knowledge base anew", { documents: outlines.length, ...ways });
  const building = { name: await beginNext(collections, ways.space, () => renewal.measure(signal)), call };
  const many = await copyUntilAlike(standing, building, renewal, signal);
  await moveAlias(collections, { old: current, next: building.name });
  return many;
}

function isDescribedBy({ words, space }: Outline, ways: Ways): boolean {
  return words === ways.words && (ways.space === undefined || space === ways.space);
}

async function outlinesOf(shelf: Shelf, signal: AbortSignal): Promise<readonly Outline[]> {
  const fields = Object.keys(Outline.shape);
  return (await scroll(shelf, [is("kind", "document")], { fields, signal })).map((payload) => Outline.parse(payload));
}

/** Describes documents of one collection into another, or into the same, under the revision that they have. */
async function describeAll(
  from: Shelf,
  to: Shelf,
  outlines: readonly Outline[],
  renewal: Renewal,
  signal: AbortSignal,
): Promise<number> {
  let many = 0;
  for (const { document: id, workspace } of outlines) {
    signal.throwIfAborted();
    const found = await readDocument(from, id, workspace);
    if (!found) continue;
    const { revision } = found;
    const { passages: _, ...document } = readListed(found);
    const cuts = (await readPassages(from, found, signal)).map(readCut);
    const kept = await renewal.describe(document, cuts, signal);
    if (from !== to) await lay(to, kept, revision, signal);
    else if (!(await layOver(to, kept, revision, signal))) continue;
    many++;
  }
  return many;
}

/** Writers write to both meanwhile, so each round has less to do, and one without anything to do ends it. */
async function copyUntilAlike(from: Shelf, to: Shelf, renewal: Renewal, signal: AbortSignal): Promise<number> {
  let many = 0;
  for (;;) {
    const [wanted, there] = await Promise.all([outlinesOf(from, signal), outlinesOf(to, signal)]);
    const made = new Map(there.map((outline) => [keyOf(outline), outline]));
    const missing = wanted.filter((outline) => {
      const copy = made.get(keyOf(outline));
      return copy?.revision !== outline.revision || !isDescribedBy(copy, renewal.ways);
    });
    const kept = new Set(wanted.map(keyOf));
    const gone = there.filter((outline) => !kept.has(keyOf(outline)));
    if (missing.length + gone.length === 0) return many;
    for (const outline of gone) await removeDocument(to, outline);
    many += await describeAll(from, to, missing, renewal, signal);
  }
}

function keyOf({ workspace, document }: Outline): string {
  return JSON.stringify([workspace, document]);
}
