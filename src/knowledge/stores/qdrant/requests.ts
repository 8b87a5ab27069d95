// What Heed asks of Qdrant, request by request: its path, its body, and the part of the answer that is read.

import { z } from "zod";
import type { Call } from "./call.ts";

/** One collection by its own name or by its alias. */
export interface Shelf {
  name: string;
  call: Call;
}

export type Condition =
  | { key: string; match: { value: string | number } | { any: readonly string[] | readonly number[] } }
  | { has_id: readonly string[] };

export interface Filter {
  must: readonly Condition[];
}

export interface SparseVector {
  indices: readonly number[];
  values: readonly number[];
}

/** One search of a batch. Without `query` it is everything that passes the filter, in the order of ids. */
export interface Search {
  query?: SparseVector | readonly number[];
  using?: string;
  filter: Filter;
  limit: number;
  with_payload: boolean | readonly string[];
  params?: { exact: true };
  score_threshold?: number;
}

/** One step of a write; the steps of a request are carried out one after the other. A string is JSON already. */
export type Step =
  | string
  | { delete: { points: readonly string[] } | { filter: Filter } }
  | { set_payload: { payload: object; filter: Filter } };

const Hit = z.object({ id: z.string(), score: z.number(), payload: z.unknown().optional() });
export type Hit = z.infer<typeof Hit>;
const Batch = z.array(z.object({ points: z.array(Hit) }));
const Page = z.object({
  points: z.array(z.object({ id: z.string(), payload: z.unknown().optional() })),
  next_page_offset: z.string().nullish(),
});
const Counted = z.object({ count: z.number() });
const Facet = z.object({ hits: z.array(z.object({ value: z.string(), count: z.number() })) });
const Ignored = z.unknown();

const PAGE = 250;

function pathOf({ name }: Pick<Shelf, "name">, rest: string): string {
  return `/collections/${encodeURIComponent(name)}${rest}`;
}

/** The hits of each search, in the order of the searches. */
export async function findAll(collection: Shelf, searches: readonly Search[], signal?: AbortSignal): Promise<Hit[][]> {
  if (searches.length === 0) return [];
  const path = pathOf(collection, "/points/query/batch");
  const answers = await collection.call({ method: "POST", path, body: { searches } }, Batch, signal);
  return answers.map(({ points }) => points);
}

export async function countPoints(collection: Shelf, filter: Filter, signal?: AbortSignal): Promise<number> {
  const path = pathOf(collection, "/points/count");
  return (await collection.call({ method: "POST", path, body: { filter, exact: true } }, Counted, signal)).count;
}

/** How many points have each value of a field, for at most so many values. */
export async function countByValue(
  collection: Shelf,
  { key, filter, limit }: { key: string; filter: Filter; limit: number },
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const body = { key, filter, limit, exact: true };
  const { hits } = await collection.call({ method: "POST", path: pathOf(collection, "/facet"), body }, Facet, signal);
  return new Map(hits.map(({ value, count }) => [value, count]));
}

/** All points that match, page by page, with those fields of their payloads, or with all. */
export async function* scroll(
  collection: Shelf,
  must: readonly Condition[],
  { fields, signal }: { fields?: readonly string[]; signal?: AbortSignal | undefined } = {},
): AsyncGenerator<{ id: string; payload?: unknown }> {
  let offset: string | null | undefined;
  do {
    const body = { filter: { must }, limit: PAGE, with_payload: fields ?? true, ...(offset && { offset }) };
    const request = { method: "POST", path: pathOf(collection, "/points/scroll"), body } as const;
    const page = await collection.call(request, Page, signal);
    yield* page.points;
    offset = page.next_page_offset;
  } while (offset);
}

/** One request, whose steps are carried out in order. The server goes on to the end whatever becomes of whoever asked. */
export async function write(collection: Shelf, steps: readonly Step[], signal?: AbortSignal): Promise<void> {
  const operations = steps.map((step) => (typeof step === "string" ? step : JSON.stringify(step)));
  const path = pathOf(collection, "/points/batch?wait=true");
  await collection.call({ method: "POST", path, body: `{"operations":[${operations.join(",")}]}` }, Ignored, signal);
}

/** Points as they are serialised. `how` may say which points are written at all. */
export function upsert(points: readonly string[], how: UpsertHow = {}): Step {
  const rest = Object.entries(how).map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `{"upsert":{"points":[${points.join(",")}]${rest.join("")}}}`;
}

/** Only points that are there, and only those among them that pass the filter. */
export interface UpsertHow {
  update_mode?: "update_only";
  update_filter?: Filter;
}

export function is(key: string, value: string | number): Condition {
  return { key, match: { value } };
}

export function oneOf(key: string, values: readonly string[] | readonly number[]): Condition {
  return { key, match: { any: values } };
}

const Aliases = z.object({
  aliases: z.array(z.object({ alias_name: z.string(), collection_name: z.string() })),
});
const Collections = z.object({ collections: z.array(z.object({ name: z.string() })) });
const Exists = z.object({ exists: z.boolean() });
const Described = z.object({
  status: z.enum(["green", "yellow", "grey", "red"]),
  points_count: z.number().nullish(),
  segments_count: z.number().nullish(),
  config: z.object({
    params: z.object({
      vectors: z.record(z.string(), z.unknown()).nullish(),
      sparse_vectors: z.record(z.string(), z.unknown()).nullish(),
    }),
    metadata: z.record(z.string(), z.unknown()).nullish(),
  }),
});
export type Described = z.infer<typeof Described>;

type Alias = z.infer<typeof Aliases>["aliases"][number];
export type AliasAction = { create_alias: Alias } | { delete_alias: Pick<Alias, "alias_name"> };

export async function readAliases(call: Call, signal?: AbortSignal): Promise<readonly Alias[]> {
  return (await call({ method: "GET", path: "/aliases" }, Aliases, signal)).aliases;
}

/** All of them together, or none. */
export async function changeAliases(call: Call, actions: readonly AliasAction[]): Promise<void> {
  await call({ method: "POST", path: "/collections/aliases", body: { actions } }, Ignored);
}

export async function readCollections(call: Call): Promise<readonly string[]> {
  return (await call({ method: "GET", path: "/collections" }, Collections)).collections.map(({ name }) => name);
}

export async function exists(collection: Shelf): Promise<boolean> {
  return (await collection.call({ method: "GET", path: pathOf(collection, "/exists") }, Exists)).exists;
}

export function describeCollection(collection: Shelf, signal?: AbortSignal): Promise<Described> {
  return collection.call({ method: "GET", path: pathOf(collection, "") }, Described, signal);
}

export async function readVersion(call: Call): Promise<string> {
  return (await call({ method: "GET", path: "/" }, z.object({ version: z.string() }))).version;
}

export async function createCollection(collection: Shelf, body: object): Promise<void> {
  await collection.call({ method: "PUT", path: pathOf(collection, ""), body }, Ignored);
}

export async function dropCollection(collection: Shelf): Promise<void> {
  await collection.call({ method: "DELETE", path: pathOf(collection, "") }, Ignored);
}

export async function createIndex(collection: Shelf, body: object): Promise<void> {
  await collection.call({ method: "PUT", path: pathOf(collection, "/index?wait=true"), body }, Ignored);
}
