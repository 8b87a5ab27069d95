// Documents in one collection, each a point of its own with its passages beside it: laid down, read, swept away.

import type { Kept } from "../store.ts";
import type { Collections } from "./collection.ts";
import {
  documentPoint,
  documentPointId,
  DocumentPayload,
  PassagePayload,
  passagePoints,
  type Point,
} from "./points.ts";

/** Points a request. */
const BATCH = 64;
const PAGE = 500;

/** One collection by its own name or by its alias. */
export interface Shelf {
  name: string;
  call: Collections["call"];
}

/** Whose passages: of one revision, or of all that a document ever had. */
export interface Whose {
  workspace: string;
  document: string;
  revision?: string;
}

/** The passages first, then the document that names their revision: until then the old ones stand, and afterwards they go. */
export async function lay(shelf: Shelf, kept: Kept, revision: string, signal: AbortSignal): Promise<void> {
  await layPassages(shelf, kept, revision, signal);
  const { id, workspace } = kept.document;
  // Read as late as may be: another worker may be putting the same document, and what it has put by now must go.
  const replaced = await readDocument(shelf, id, workspace);
  await upsert(shelf, [documentPoint(kept, revision)], {}, signal);
  if (replaced && replaced.revision !== revision)
    await sweep(shelf, { workspace, document: id, revision: replaced.revision });
}

/** The same revision, described anew. Where it was replaced or removed meanwhile nothing is left of it, and the answer is false. */
export async function layOver(shelf: Shelf, kept: Kept, revision: string, signal: AbortSignal): Promise<boolean> {
  await layPassages(shelf, kept, revision, signal);
  const onlyOver = { update_mode: "update_only", update_filter: { must: [is("revision", revision)] } };
  await upsert(shelf, [documentPoint(kept, revision)], onlyOver, signal);
  const { id, workspace } = kept.document;
  const isStanding = (await readDocument(shelf, id, workspace))?.revision === revision;
  if (!isStanding) await sweep(shelf, { workspace, document: id, revision });
  return isStanding;
}

async function layPassages(shelf: Shelf, kept: Kept, revision: string, signal: AbortSignal): Promise<void> {
  const points = passagePoints(kept, revision);
  for (let at = 0; at < points.length; at += BATCH) await upsert(shelf, points.slice(at, at + BATCH), {}, signal);
}

async function upsert({ name, call }: Shelf, points: readonly Point[], how: object, signal: AbortSignal) {
  await call((qdrant) => qdrant.upsert(name, { wait: true, points: points as never, ...how }), signal);
}

export async function readDocument(
  { name, call }: Shelf,
  id: string,
  workspace: string,
): Promise<DocumentPayload | undefined> {
  const ids = [documentPointId(workspace, id)];
  const [found] = await call((qdrant) => qdrant.retrieve(name, { ids }));
  return found && DocumentPayload.parse(found.payload);
}

/** In the order of the document. */
export async function readPassages(
  shelf: Shelf,
  { workspace, revision }: DocumentPayload,
  signal?: AbortSignal,
): Promise<readonly PassagePayload[]> {
  const must = [is("workspace", workspace), is("kind", "passage"), is("revision", revision)];
  const passages = (await scroll(shelf, must, { signal })).map((payload) => PassagePayload.parse(payload));
  return passages.toSorted((a, b) => a.ordinal - b.ordinal);
}

export async function removeDocument(shelf: Shelf, { workspace, document }: Whose): Promise<void> {
  const points = [documentPointId(workspace, document)];
  await shelf.call((qdrant) => qdrant.delete(shelf.name, { wait: true, points }));
  await sweep(shelf, { workspace, document });
}

/** Removes passages, and no document. */
export async function sweep({ name, call }: Shelf, { workspace, document, revision }: Whose): Promise<void> {
  const whose = [is("workspace", workspace), is("document", document), is("kind", "passage")];
  const must = revision === undefined ? whose : [...whose, is("revision", revision)];
  await call((qdrant) => qdrant.delete(name, { wait: true, filter: { must } }));
}

/** The payloads of all points that match, or those fields of them. */
export async function scroll(
  { name, call }: Shelf,
  must: object[],
  { fields, signal }: { fields?: readonly string[]; signal?: AbortSignal | undefined } = {},
): Promise<unknown[]> {
  const payloads: unknown[] = [];
  let offset: string | number | undefined;
  do {
    const page = await call(
      (qdrant) =>
        qdrant.scroll(name, {
          filter: { must: must as never },
          limit: PAGE,
          with_payload: fields ? [...fields] : true,
          ...(offset !== undefined && { offset }),
        }),
      signal,
    );
    payloads.push(...page.points.map(({ payload }) => payload));
    offset = typeof page.next_page_offset === "object" ? undefined : page.next_page_offset;
  } while (offset !== undefined);
  return payloads;
}

export function is(key: string, value: string | number) {
  return { key, match: { value } };
}

export function oneOf(key: string, values: readonly string[]) {
  return { key, match: { any: [...values] } };
}
