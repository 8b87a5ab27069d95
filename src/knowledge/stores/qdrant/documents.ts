// Documents in one collection: laid down as a whole, described anew where they stand, read, and removed.

import type { Passage } from "../../../core/knowledge.ts";
import type { IndexedDocument } from "../store.ts";
import { articlePointId, documentPointId, ownerOf } from "./ids.ts";
import {
  DocumentPayload,
  documentPoints,
  PASSAGE_FIELDS,
  passagePoint,
  readPassage,
  type Kind,
  type Version,
} from "./points.ts";
import {
  findAll,
  is,
  scroll,
  upsert,
  write,
  type Condition,
  type Shelf,
  type Step,
  type UpsertHow,
} from "./requests.ts";

/** UTF-16 units of points a request: few requests, and none that is long in the making. */
const BATCH = 1_000_000;

/**
 * The passages are pending until, in one last request, they become passages, the document names their revision, and those
 * of the one it replaces go. A search sees the old or the new; what never came to its end is seen and counted by nothing.
 */
export async function lay(
  collection: Shelf,
  kept: IndexedDocument,
  version: Version,
  signal: AbortSignal,
): Promise<void> {
  const { id, workspace } = kept.document;
  const { revision } = version;
  let rest: Step | undefined;
  for (const step of batches(kept, version, "pending")) {
    if (rest) await write(collection, [rest], signal);
    rest = step;
  }
  // Read as late as may be: another worker may be putting the same document, and what it has put by now must go.
  const replaced = await readDocument(collection, id, workspace, signal);
  signal.throwIfAborted();
  const must = [is("workspace", workspace), is("kind", "pending"), is("revision", revision)];
  const old = replaced && replaced.revision !== revision ? replaced.revision : undefined;
  // Not to be given up half-way: whoever gives up from here on finds the document put.
  await write(collection, [
    ...(rest ? [rest] : []),
    { set_payload: { payload: { kind: "passage" satisfies Kind }, filter: { must } } },
    upsert(documentPoints(kept, revision)),
    ...(old === undefined ? [] : [{ delete: { filter: { must: passagesOf(workspace, old) } } }]),
  ]);
}

/** The same revision, described anew. Where it was replaced or removed meanwhile nothing comes of it, and the answer is false. */
export async function layOver(
  collection: Shelf,
  kept: IndexedDocument,
  version: Version,
  signal: AbortSignal,
): Promise<boolean> {
  const { id, workspace } = kept.document;
  for (const step of batches(kept, version, "passage", { update_mode: "update_only" }))
    await write(collection, [step], signal);
  const update_filter = { must: [is("revision", version.revision)] };
  await write(collection, [
    upsert(documentPoints(kept, version.revision), { update_mode: "update_only", update_filter }),
  ]);
  return (await readDocument(collection, id, workspace, signal))?.revision === version.revision;
}

function* batches(
  kept: IndexedDocument,
  version: Version,
  kind: "passage" | "pending",
  how?: UpsertHow,
): Generator<Step> {
  let points: string[] = [];
  let size = 0;
  for (const ordinal of kept.entries.keys()) {
    const point = passagePoint(kept, ordinal, version, kind);
    if (size > 0 && size + point.length > BATCH) {
      yield upsert(points, how);
      [points, size] = [[], 0];
    }
    points.push(point);
    size += point.length;
  }
  if (points.length > 0) yield upsert(points, how);
}

export async function readDocument(
  collection: Shelf,
  id: string,
  workspace: string,
  signal?: AbortSignal,
): Promise<DocumentPayload | undefined> {
  const must = [is("workspace", workspace), { has_id: [documentPointId(ownerOf(workspace, id))] }];
  const [found] = await findAll(collection, [{ filter: { must }, limit: 1, with_payload: true }], signal);
  return found?.[0] && DocumentPayload.parse(found[0].payload);
}

/** In the order of the document, which is that of their ids. */
export async function readPassages(
  collection: Shelf,
  { workspace, revision }: Pick<DocumentPayload, "workspace" | "revision">,
  signal?: AbortSignal,
): Promise<readonly Passage[]> {
  const passages: Passage[] = [];
  const must = passagesOf(workspace, revision);
  for await (const { payload } of scroll(collection, must, { fields: PASSAGE_FIELDS, signal }))
    passages.push(readPassage(payload).passage);
  return passages;
}

/** The document first: what is left without it is seen by nothing. */
export async function removeDocument(collection: Shelf, id: string, workspace: string): Promise<void> {
  const owner = ownerOf(workspace, id);
  const must = [is("workspace", workspace), is("document", owner)];
  await write(collection, [
    { delete: { points: [documentPointId(owner), articlePointId(owner)] } },
    { delete: { filter: { must } } },
  ]);
}

function passagesOf(workspace: string, revision: string): readonly Condition[] {
  return [is("workspace", workspace), is("kind", "passage" satisfies Kind), is("revision", revision)];
}
