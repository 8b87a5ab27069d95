// Describing documents anew. New ones where they stand; all of them, for another embedder or other words, in a new
// collection beside the old one, which answers until the alias moves.

import type { z } from "zod";
import type { Runtime } from "../../../core/runtime.ts";
import type { Reindexing, IndexVersion } from "../store.ts";
import { beginNext, behind, clearAway, hasRoom, moveAlias } from "./aliases.ts";
import { shelfOf, type Collections } from "./collection.ts";
import { lay, layOver, readDocument, readPassages, removeDocument } from "./documents.ts";
import { sweepLeftovers } from "./leftovers.ts";
import { cutOf, DocumentPayload, readListed } from "./points.ts";
import { is, scroll, type Shelf } from "./requests.ts";

/** What is compared of a document to know whether it is there and as it should be. */
const Outline = DocumentPayload.pick({ workspace: true, revision: true, words: true, space: true }).extend({
  about: DocumentPayload.shape.about.pick({ id: true, passages: true }),
});
type Outline = z.infer<typeof Outline>;
const OUTLINE = ["workspace", "revision", "words", "space", "about.id", "about.passages"];

/** `mayMove`: whoever starts last decides for which embedder the collection is, or workers of two kinds would build in turns. */
export async function reindex(
  collections: Collections,
  reindexing: Reindexing,
  runtime: Pick<Runtime, "log" | "now"> & { mayMove: boolean },
  signal: AbortSignal,
): Promise<number> {
  const { log, mayMove } = runtime;
  const { version: ways } = reindexing;
  const { current, next } = await behind(collections);
  const standing = shelfOf(collections, current);
  const outlines = await outlinesOf(standing, signal);
  await sweep(standing, outlines, runtime, signal);
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
    return describeAll({ from: standing, to: standing, reindexing, now: runtime.now }, stale, signal);
  }
  await clearAway(collections, next === undefined ? [current] : [current, next]);
  log.info("building the knowledge base anew", { documents: outlines.length, ...ways });
  const building = shelfOf(collections, await beginNext(collections, ways.space, () => reindexing.measure(signal)));
  const many = await copyUntilAlike({ from: standing, to: building, reindexing, now: runtime.now }, signal);
  await moveAlias(collections, { old: current, next: building.name });
  return many;
}

async function sweep(
  collection: Shelf,
  outlines: readonly Outline[],
  runtime: Pick<Runtime, "log" | "now">,
  signal: AbortSignal,
): Promise<void> {
  const owning = outlines.map(({ revision, about: { passages } }) => ({ revision, passages }));
  const swept = await sweepLeftovers(collection, owning, runtime, signal);
  if (swept > 0) runtime.log.info("passages of puts that failed were removed", { documents: swept });
}

function isDescribedBy({ words, space }: Outline, ways: IndexVersion): boolean {
  return words === ways.words && (ways.space === undefined || space === ways.space);
}

async function outlinesOf(collection: Shelf, signal: AbortSignal): Promise<readonly Outline[]> {
  const outlines: Outline[] = [];
  for await (const { payload } of scroll(collection, [is("kind", "document")], { fields: OUTLINE, signal }))
    outlines.push(Outline.parse(payload));
  return outlines;
}

/** From one collection into another, or into the same. */
interface Copying {
  from: Shelf;
  to: Shelf;
  reindexing: Reindexing;
  now: Runtime["now"];
}

/** Describes documents under the revision that they have, one after the other, so that few are in memory at a time. */
async function describeAll(
  { from, to, reindexing, now }: Copying,
  outlines: readonly Outline[],
  signal: AbortSignal,
): Promise<number> {
  let many = 0;
  for (const { about, workspace } of outlines) {
    signal.throwIfAborted();
    const found = await readDocument(from, about.id, workspace, signal);
    if (!found) continue;
    const { passages: _, ...document } = readListed(found);
    const cuts = (await readPassages(from, found, signal)).map(cutOf);
    const kept = await reindexing.describe(document, cuts, signal);
    const version = { revision: found.revision, at: now() };
    if (from !== to) await lay(to, kept, version, signal);
    else if (!(await layOver(to, kept, version, signal))) continue;
    many++;
  }
  return many;
}

/** Writers write to both meanwhile, so each round has less to do, and one without anything to do ends it. */
async function copyUntilAlike(copying: Copying, signal: AbortSignal): Promise<number> {
  const { from, to, reindexing } = copying;
  let many = 0;
  for (;;) {
    const [wanted, there] = await Promise.all([outlinesOf(from, signal), outlinesOf(to, signal)]);
    const made = new Map(there.map((outline) => [keyOf(outline), outline]));
    const missing = wanted.filter((outline) => {
      const copy = made.get(keyOf(outline));
      return copy?.revision !== outline.revision || !isDescribedBy(copy, reindexing.version);
    });
    const kept = new Set(wanted.map(keyOf));
    const gone = there.filter((outline) => !kept.has(keyOf(outline)));
    if (missing.length + gone.length === 0) return many;
    for (const { about, workspace } of gone) await removeDocument(to, about.id, workspace);
    many += await describeAll(copying, missing, signal);
  }
}

function keyOf({ workspace, about }: Outline): string {
  return JSON.stringify([workspace, about.id]);
}
