// Qdrant's endpoints that Heed uses, on loopback and in memory: filters, products, aliases, and its refusals of what is wrongly asked.

import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { z } from "zod";
import {
  BODIES,
  type Action,
  type Condition,
  type Delete,
  type Filter,
  type Point,
  type Query,
  type SetPayload,
  type Sparse,
  type Upsert,
} from "./qdrant-wire.ts";

type Json = Record<string, unknown>;
type Body<Name extends keyof typeof BODIES> = z.infer<(typeof BODIES)[Name]>;

interface Collection {
  points: Map<string, Point>;
  /** Sizes by name. */
  dense: Map<string, number>;
  sparse: Set<string>;
  /** Types by field: "keyword" or "integer". */
  indexed: Map<string, string>;
  metadata: Json;
  /** As it was asked for. */
  layout: Body<"PUT ">;
}

export interface FakeQdrant {
  url: string;
  collections: Map<string, Collection>;
  aliases: Map<string, string>;
  /** Every request, as "POST /collections/heed/points/query/batch". */
  asked: string[];
  /** Bytes of bodies that came in and of answers that went out since the start, and of the largest answer. */
  traffic: { taken: number; given: number; largest: number };
  /** A status to answer the next requests with, one each. */
  faults: number[];
  /** Called before each request is carried out. */
  onRequest?: ((request: string) => void | Promise<void>) | undefined;
  close(): Promise<void>;
}

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export async function startQdrant(apiKey?: string): Promise<FakeQdrant> {
  const state: FakeQdrant = {
    url: "",
    collections: new Map(),
    aliases: new Map(),
    asked: [],
    traffic: { taken: 0, given: 0, largest: 0 },
    faults: [],
    close: async () => {},
  };
  const server = createServer((request, response) => {
    void answer(state, request, apiKey).then(([status, body]) => {
      const text = JSON.stringify(body);
      const bytes = Buffer.byteLength(text);
      state.traffic.given += bytes;

      state.traffic.largest = Math.max(state.traffic.largest, bytes);
      response.writeHead(status, { "content-type": "application/json" }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  state.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return state;
}

async function answer(state: FakeQdrant, request: IncomingMessage, apiKey?: string): Promise<[number, unknown]> {
  const text = await read(request);
  state.traffic.taken += Buffer.byteLength(text);
  const body: unknown = text ? JSON.parse(text) : {};
  const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
  const asked = `${request.method} ${pathname}`;
  state.asked.push(asked);
  try {
    const fault = state.faults.shift();
    if (fault) throw new Refusal(fault, "a fault that was asked for");
    if (apiKey && request.headers["api-key"] !== apiKey) throw new Refusal(401, "Must provide an API key");
    await state.onRequest?.(asked);
    // The server says of itself without calling it a result.
    if (asked === "GET /") return [200, { title: "a stand-in for qdrant", version: "1.18.2", commit: "none" }];
    const isWaited = searchParams.get("wait") === "true";
    return [200, { result: route(state, { method: `${request.method}`, pathname, isWaited }, body), status: "ok" }];
  } catch (error) {
    return [error instanceof Refusal ? error.status : 500, { status: { error: String(error) }, time: 0.001 }];
  }
}

interface Asked {
  method: string;
  pathname: string;
  isWaited: boolean;
}

function route(state: FakeQdrant, { method, pathname, isWaited }: Asked, body: unknown): unknown {
  const [first, name = "", ...rest] = pathname.split("/").slice(1).map(decodeURIComponent);
  const action = `${method} ${rest.join("/")}`;
  if (first === "aliases")
    return { aliases: [...state.aliases].map(([alias_name, collection_name]) => ({ alias_name, collection_name })) };
  if (first === "collections" && !name)
    return { collections: [...state.collections.keys()].map((each) => ({ name: each })) };
  if (name === "aliases") return switchAliases(state, parse("aliases", body).actions);
  if (action === "GET exists") return { exists: state.collections.has(state.aliases.get(name) ?? name) };
  if (action === "PUT ") return create(state, name, parse("PUT ", body));
  if (action === "DELETE ") return drop(state, name);
  const collection = state.collections.get(state.aliases.get(name) ?? name);
  if (!collection) throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`);
  // Without it the next request may not see what was written.
  if (/^PUT|points\/batch$/.test(action) && !isWaited)
    throw new Refusal(400, "this stand-in wants writes to be waited for");
  const actions: Readonly<Record<string, () => unknown>> = {
    "GET ": () => describe(collection),
    "PUT index": () => index(collection, parse("PUT index", body)),
    "POST points/batch": () => parse("POST points/batch", body).operations.map((each) => carryOut(collection, each)),
    "POST points/scroll": () => scroll(collection, parse("POST points/scroll", body)),
    "POST points/count": () => ({ count: matching(collection, parse("POST points/count", body).filter).length }),
    "POST facet": () => facet(collection, parse("POST facet", body)),
    "POST points/query/batch": () =>
      parse("POST points/query/batch", body).searches.map((each) => query(collection, each)),
  };
  const act = actions[action];
  if (!act) throw new Refusal(404, `${action} is not stood in for`);
  return act();
}

function parse<Name extends keyof typeof BODIES>(name: Name, body: unknown): Body<Name> {
  const parsed = BODIES[name].safeParse(body);
  if (parsed.success) return parsed.data as Body<Name>;
  throw new Refusal(400, `Format error in JSON body: ${parsed.error.message}`);
}

function create(state: FakeQdrant, name: string, layout: Body<"PUT ">): boolean {
  const { vectors, sparse_vectors, metadata = {} } = layout;
  if (state.collections.has(name) || state.aliases.has(name))
    throw new Refusal(409, `Collection \`${name}\` already exists!`);
  const dense = new Map(Object.entries(vectors).map(([space, { size }]) => [space, size]));
  const sparse = new Set(Object.keys(sparse_vectors));
  state.collections.set(name, { points: new Map(), dense, sparse, indexed: new Map(), metadata, layout });
  return true;
}

function drop(state: FakeQdrant, name: string): boolean {
  for (const [alias, collection] of state.aliases) if (collection === name) state.aliases.delete(alias);
  return state.collections.delete(name);
}

function describe({ dense, sparse, metadata, points }: Collection): unknown {
  const vectors = Object.fromEntries([...dense].map(([name, size]) => [name, { size, distance: "Cosine" }]));
  const sparse_vectors = Object.fromEntries([...sparse].map((name) => [name, {}]));
  return {
    status: "green",
    points_count: points.size,
    segments_count: 2,
    config: { params: { vectors, sparse_vectors }, metadata },
  };
}

/** All actions of one request happen together, or none. */
function switchAliases(state: FakeQdrant, actions: readonly Action[]): boolean {
  const after = new Map(state.aliases);
  for (const action of actions) {
    if ("delete_alias" in action) {
      after.delete(action.delete_alias.alias_name);
      continue;
    }
    const { collection_name, alias_name } = action.create_alias;
    if (!state.collections.has(collection_name))
      throw new Refusal(404, `Collection \`${collection_name}\` doesn't exist!`);
    if (state.collections.has(alias_name)) throw new Refusal(409, `Collection \`${alias_name}\` already exists!`);
    after.set(alias_name, collection_name);
  }
  state.aliases.clear();
  for (const [alias, collection] of after) state.aliases.set(alias, collection);
  return true;
}

function index({ indexed }: Collection, { field_name, field_schema }: Body<"PUT index">): unknown {
  indexed.set(field_name, typeof field_schema === "string" ? field_schema : field_schema.type);
  return { status: "completed", operation_id: 1 };
}

/** One after the other: what an earlier step has done a later one sees. */
function carryOut(collection: Collection, step: Body<"POST points/batch">["operations"][number]): unknown {
  if ("upsert" in step) return upsert(collection, step.upsert);
  if ("delete" in step) return erase(collection, step.delete);
  return setPayload(collection, step.set_payload);
}

function setPayload(collection: Collection, { payload, filter }: SetPayload): unknown {
  for (const point of matching(collection, filter)) point.payload = { ...point.payload, ...structuredClone(payload) };
  return { status: "completed", operation_id: 3 };
}

function upsert(collection: Collection, { points, update_mode, update_filter }: Upsert): unknown {
  for (const { vector } of points)
    for (const [name, each] of Object.entries(vector)) checkVector(collection, name, each);
  const updatable = update_filter && new Set(matching(collection, update_filter).map(({ id }) => id));
  for (const point of points) {
    const stands = collection.points.has(String(point.id));
    if (stands ? update_mode === "insert_only" : update_mode === "update_only") continue;
    if (stands && updatable && !updatable.has(point.id)) continue;
    collection.points.set(String(point.id), structuredClone(point));
  }
  return { status: "completed", operation_id: 1 };
}

function checkVector({ dense, sparse }: Collection, name: string, vector: readonly number[] | Sparse): void {
  const isDense = Array.isArray(vector);
  const size = dense.get(name);
  if (isDense ? size === undefined : !sparse.has(name))
    throw new Refusal(400, `Wrong input: Not existing vector name error: ${name}`);
  if (isDense && size !== vector.length)
    throw new Refusal(400, `Wrong input: Vector dimension error: expected dim: ${size}, got ${vector.length}`);
}

function erase(collection: Collection, body: Delete): unknown {
  const gone = "filter" in body ? matching(collection, body.filter).map(({ id }) => id) : body.points;
  for (const id of gone) collection.points.delete(String(id));
  return { status: "completed", operation_id: 2 };
}

/** In the order of ids; the offset is the id that the next page begins with. */
function scroll(collection: Collection, body: Body<"POST points/scroll">): unknown {
  const { filter, limit = 10, offset } = body;
  const all = matching(collection, filter)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .filter(({ id }) => offset === undefined || id >= offset);
  return {
    points: all.slice(0, limit).flatMap((point) => show(point, { with_payload: true, ...body })),
    next_page_offset: all[limit]?.id ?? null,
  };
}

/** How many points have each value, the commonest first. */
function facet(collection: Collection, { key, filter, limit = 10 }: Body<"POST facet">): unknown {
  checkIndex(collection, { key, match: { value: "" } });
  const counts = new Map<unknown, number>();
  for (const { payload = {} } of matching(collection, filter))
    counts.set(payload[key], (counts.get(payload[key]) ?? 0) + 1);
  const hits = [...counts].map(([value, count]) => ({ value, count })).toSorted((a, b) => b.count - a.count);
  return { hits: hits.slice(0, limit) };
}

function query(collection: Collection, { limit = 10, with_payload = false, ...asked }: Query) {
  const best = scoresOf(collection, asked)
    .toSorted((a, b) => b.score - a.score || (a.point.id < b.point.id ? -1 : 1))
    .slice(0, limit);
  return { points: best.map(({ point, score }) => ({ ...show(point, { with_payload })[0], score, version: 1 })) };
}

function scoresOf(
  collection: Collection,
  { query: asked, using, filter, score_threshold = -Infinity }: Omit<Query, "limit">,
) {
  const points = matching(collection, filter);
  if (asked === undefined || using === undefined) return points.map((point) => ({ point, score: 0 }));
  checkVector(collection, using, asked);
  return points.flatMap((point) => {
    const score = product(asked, point.vector[using]);
    return score === undefined || score < score_threshold ? [] : [{ point, score }];
  });
}

/** In 32 bits, as Qdrant reckons: a cosine of dense vectors, a product of sparse ones that share an index. */
function product(
  asked: readonly number[] | Sparse,
  vector: readonly number[] | Sparse | undefined,
): number | undefined {
  if (vector === undefined) return undefined;
  if (isDense(asked) || isDense(vector)) return isDense(asked) && isDense(vector) ? cosine(asked, vector) : undefined;
  const weights = new Map(asked.indices.map((index, i) => [index, asked.values[i]!]));
  const shared = vector.indices.flatMap((index, i) =>
    weights.has(index) ? [[weights.get(index)!, vector.values[i]!] as const] : [],
  );
  if (shared.length === 0) return undefined;
  return shared.reduce((sum, [a, b]) => Math.fround(sum + Math.fround(a) * Math.fround(b)), 0);
}

function isDense(vector: readonly number[] | Sparse): vector is readonly number[] {
  return Array.isArray(vector);
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, each, i) => Math.fround(sum + Math.fround(each) * Math.fround(b[i]!)), 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}

function matching(collection: Collection, { must = [], must_not = [] }: Filter = {}): Point[] {
  for (const condition of [...must, ...must_not]) checkIndex(collection, condition);
  return [...collection.points.values()].filter(
    (point) =>
      must.every((condition) => holds(point, condition)) && !must_not.some((condition) => holds(point, condition)),
  );
}

/** As in strict mode: nothing is filtered by that has no index of its kind. */
function checkIndex({ indexed }: Collection, condition: Condition): void {
  if ("has_id" in condition) return;
  const { key, match } = condition;
  const values = "any" in match ? match.any : [match.value];
  const type = indexed.get(key);
  if (values.some((value) => type !== (typeof value === "number" ? "integer" : "keyword")))
    throw new Refusal(400, `Bad request: Index required but not found for "${key}"`);
}

function holds({ id, payload = {} }: Point, condition: Condition): boolean {
  if ("has_id" in condition) return condition.has_id.includes(id);
  const { key, match } = condition;
  const at = key.split(".").reduce<unknown>((value, name) => (value as Json | undefined)?.[name], payload);
  const values = Array.isArray(at) ? (at as unknown[]) : [at];
  const wanted: readonly unknown[] = "any" in match ? match.any : [match.value];
  return values.some((value) => wanted.includes(value));
}

function show(
  point: Point | undefined,
  {
    with_payload: wanted = true,
    with_vector,
  }: { with_payload?: boolean | string[] | undefined; with_vector?: boolean | undefined },
): Json[] {
  if (!point) return [];
  const { id, payload = {}, vector } = structuredClone(point);
  const chosen = wanted === true ? payload : wanted === false ? undefined : choose(payload, wanted);
  // What was not asked for is not in the answer at all.
  return [{ id, ...(chosen && { payload: chosen }), ...(with_vector && { vector }) }];
}

/** Paths such as "about.passages" keep only that of an object; what is not there is left out. */
function choose(payload: Json, paths: readonly string[]): Json {
  const chosen: Json = {};
  for (const path of paths) {
    const [first = "", second] = path.split(".");
    if (!(first in payload)) continue;
    if (second === undefined) chosen[first] = payload[first];
    else chosen[first] = { ...(chosen[first] as Json), [second]: (payload[first] as Json)[second] };
  }
  return chosen;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
