// Qdrant's endpoints that Heed uses, on loopback and in memory: filters, sparse products, aliases, errors as the real one has them.

import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

type Json = Record<string, unknown>;

interface SparseVector {
  indices: number[];
  values: number[];
}

interface Point {
  id: string;
  vector: Record<string, SparseVector>;
  payload: Json;
}

interface Collection {
  points: Map<string, Point>;
  sparse: string[];
  indexed: Set<string>;
  metadata: Json;
}

interface Condition {
  key: string;
  match: { value?: unknown; any?: unknown[] };
}

interface Filter {
  must?: Condition[];
  must_not?: Condition[];
}

interface Body extends Filter {
  [name: string]: unknown;
  filter?: Filter;
  limit?: number;
  with_payload?: boolean | string[];
  with_vector?: boolean;
}

export interface FakeQdrant {
  url: string;
  collections: Map<string, Collection>;
  aliases: Map<string, string>;
  /** Every request, as "POST /collections/heed/points/query/batch". */
  asked: string[];
  /** A status to answer the next requests with, one each. */
  faults: number[];
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
    faults: [],
    close: async () => {},
  };
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const path = new URL(request.url ?? "", "http://localhost").pathname;
      state.asked.push(`${request.method} ${path}`);
      const fault = state.faults.shift();
      const [status, answer] = respond(() => {
        if (fault) throw new Refusal(fault, "a fault that was asked for");
        if (apiKey && request.headers["api-key"] !== apiKey) throw new Refusal(401, "Must provide an API key");
        return route(state, `${request.method}`, path.split("/").slice(1), body);
      });
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
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

function respond(work: () => unknown): [number, unknown] {
  try {
    return [200, { result: work(), status: "ok", time: 0.001 }];
  } catch (error) {
    const status = error instanceof Refusal ? error.status : 500;
    return [status, { status: { error: String(error) }, time: 0.001 }];
  }
}

function route(state: FakeQdrant, method: string, [first, name = "", ...rest]: string[], body: Body): unknown {
  const action = `${method} ${rest.join("/")}`;
  if (first === "aliases")
    return { aliases: [...state.aliases].map(([alias_name, collection_name]) => ({ alias_name, collection_name })) };
  if (name === "aliases") return switchAliases(state, body["actions"] as Json[]);
  if (action === "GET exists") return { exists: state.collections.has(state.aliases.get(name) ?? name) };
  if (action === "PUT ") return create(state, name, body);
  if (action === "DELETE ") return state.collections.delete(name);
  const collection = state.collections.get(state.aliases.get(name) ?? name);
  if (!collection) throw new Refusal(404, `Collection \`${name}\` doesn't exist!`);
  const actions: Readonly<Record<string, () => unknown>> = {
    "GET ": () => ({ status: "green", config: { metadata: collection.metadata } }),
    "PUT index": () => collection.indexed.add(String(body["field_name"])) && { status: "completed", operation_id: 1 },
    "PUT points": () => upsert(collection, body["points"] as Point[]),
    "POST points": () => (body["ids"] as string[]).flatMap((id) => show(collection.points.get(id), body)),
    "POST points/delete": () => erase(collection, body),
    "POST points/scroll": () => scroll(collection, body),
    "POST points/count": () => ({ count: matching(collection, body.filter).length }),
    "POST points/query/batch": () => (body["searches"] as Body[]).map((search) => query(collection, search)),
  };
  const act = actions[action];
  if (!act) throw new Refusal(404, `${action} is not stood in for`);
  return act();
}

function create(state: FakeQdrant, name: string, body: Body): boolean {
  if (state.collections.has(name)) throw new Refusal(409, `Collection \`${name}\` already exists!`);
  const sparse = Object.keys(body["sparse_vectors"] ?? {});
  const metadata = (body["metadata"] ?? {}) as Json;
  state.collections.set(name, { points: new Map(), sparse, indexed: new Set(), metadata });
  return true;
}

/** All actions of one request happen together. */
function switchAliases(state: FakeQdrant, actions: Json[]): boolean {
  for (const { create_alias: made, delete_alias: gone } of actions as Record<string, Record<string, string>>[]) {
    if (gone) state.aliases.delete(gone["alias_name"]!);
    if (!made) continue;
    if (!state.collections.has(made["collection_name"]!)) throw new Refusal(404, "no such collection");
    state.aliases.set(made["alias_name"]!, made["collection_name"]!);
  }
  return true;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function upsert({ points, sparse }: Collection, added: Point[]): unknown {
  for (const { id, vector } of added) {
    if (!UUID.test(id)) throw new Refusal(400, `${id} is not a valid point ID`);
    for (const [name, { indices, values }] of Object.entries(vector)) {
      if (!sparse.includes(name)) throw new Refusal(400, `Not existing vector name error: ${name}`);
      if (indices.length !== values.length) throw new Refusal(422, "must be the same length as indices");
      if (new Set(indices).size !== indices.length) throw new Refusal(422, "must be unique");
      if (indices.some((index) => !Number.isInteger(index) || index < 0 || index > 0xffffffff))
        throw new Refusal(400, "index is no u32");
    }
  }
  for (const point of added) points.set(point.id, structuredClone(point));
  return { status: "completed", operation_id: 1 };
}

function erase(collection: Collection, { points = [], filter }: Body & { points?: string[] }): unknown {
  const gone = filter ? matching(collection, filter).map(({ id }) => id) : points;
  for (const id of gone) collection.points.delete(id);
  return { status: "completed", operation_id: 2 };
}

/** In the order of ids; the offset is the id that the next page begins with. */
function scroll(collection: Collection, body: Body): unknown {
  const offset = body["offset"];
  const { filter, limit = 10 } = body;
  const all = matching(collection, filter)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .filter(({ id }) => typeof offset !== "string" || id >= offset);
  return {
    points: all.slice(0, limit).flatMap((point) => show(point, { with_payload: true, ...body })),
    next_page_offset: all[limit]?.id ?? null,
  };
}

function query(collection: Collection, search: Body): unknown {
  const { indices, values } = search["query"] as SparseVector;
  const asked = new Map(indices.map((index, i) => [index, values[i]!]));
  const scored = matching(collection, search.filter).flatMap((point) => {
    const vector = point.vector[String(search["using"])];
    let score = 0;
    let overlaps = false;
    vector?.indices.forEach((index, i) => {
      const weight = asked.get(index);
      if (weight === undefined) return;
      overlaps = true;
      // Qdrant reckons with 32 bits.
      score = Math.fround(score + Math.fround(weight) * Math.fround(vector.values[i]!));
    });
    return overlaps ? [{ point, score }] : [];
  });
  const best = scored.toSorted((a, b) => b.score - a.score).slice(0, search.limit ?? 10);
  return { points: best.map(({ point, score }) => ({ ...show(point, search)[0], score, version: 1 })) };
}

function matching({ points }: Collection, filter: Filter = {}): Point[] {
  const holds = ({ payload }: Point, { key, match }: Condition) => {
    const at = key.split(".").reduce<unknown>((value, name) => (value as Json | undefined)?.[name], payload);
    const values = Array.isArray(at) ? (at as unknown[]) : [at];
    const wanted = match.any ?? [match.value];
    return values.some((value) => wanted.includes(value));
  };
  return [...points.values()].filter(
    (point) =>
      (filter.must ?? []).every((condition) => holds(point, condition)) &&
      !(filter.must_not ?? []).some((condition) => holds(point, condition)),
  );
}

function show(point: Point | undefined, { with_payload: wanted = true, with_vector }: Body): Json[] {
  if (!point) return [];
  const { id, payload, vector } = structuredClone(point);
  const chosen = wanted === true ? payload : wanted === false ? null : choose(payload, wanted);
  return [{ id, payload: chosen, ...(with_vector && { vector }) }];
}

/** Paths such as "about.passages" keep only that of an object. */
function choose(payload: Json, paths: readonly string[]): Json {
  const chosen: Json = {};
  for (const path of paths) {
    const [first = "", second] = path.split(".");
    if (second === undefined) chosen[first] = payload[first];
    else chosen[first] = { ...(chosen[first] as Json), [second]: (payload[first] as Json | undefined)?.[second] };
  }
  return chosen;
}

async function read(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text ? (JSON.parse(text) as Body) : {};
}
