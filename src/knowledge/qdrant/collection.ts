// The collection that everything is kept in, behind an alias, so that it can be built anew while the old one answers.

import type { QdrantClient } from "@qdrant/js-client-rest";
import { BotError } from "../../core/errors.ts";
import type { World } from "../../core/world.ts";
import { WORDS } from "./points.ts";

export interface QdrantPlace {
  url: string;
  apiKey?: string | undefined;
  /** The alias; the collections behind it are this with a number. */
  name: string;
}

export interface Collection {
  readonly name: string;
  /** Calls Qdrant, again where it was away for a moment. Throws BotError "unavailable", or the signal's reason. */
  readonly call: <T>(work: (client: QdrantClient) => Promise<T>, signal?: AbortSignal) => Promise<T>;
}

/** Raised whenever points written before can no longer be read. */
const SCHEMA = 1;
const TRIES = 4;
const FIRST_PAUSE_MS = 200;
const LIMIT_MS = 30_000;
/** Points a request, when they are copied. */
const BATCH = 64;

const INDEXES = [
  // Qdrant lays a tenant's points side by side.
  { field_name: "workspace", field_schema: { type: "keyword", is_tenant: true } },
  { field_name: "kind", field_schema: "keyword" },
  { field_name: "document", field_schema: "keyword" },
  { field_name: "revision", field_schema: "keyword" },
  { field_name: "origin", field_schema: "keyword" },
  { field_name: "terms", field_schema: { type: "integer", lookup: true, range: false } },
] as const;

/** Opens the collection, creating it where there is none. Throws BotError "misconfigured" where a newer Heed wrote it. */
export async function openCollection(place: QdrantPlace, world: Pick<World, "sleep" | "log">): Promise<Collection> {
  const { QdrantClient } = await import("@qdrant/js-client-rest");
  const { url, apiKey, name } = place;
  // As a header of our own: given as a key, the client writes to the console where the connection is not encrypted.
  const headers = apiKey ? { "api-key": apiKey } : {};
  const client = new QdrantClient({ url, headers, timeout: LIMIT_MS, checkCompatibility: false });
  const collection: Collection = { name, call: (work, signal) => attempt(() => work(client), world, signal) };
  const { exists } = await collection.call((qdrant) => qdrant.collectionExists(name));
  if (exists) await checkSchema(collection);
  else await collection.call((qdrant) => begin(qdrant, name));
  return collection;
}

/**
 * Copies every point, changed, into a new collection and moves the alias to it in one step; searches go on meanwhile.
 * Documents added during the copying must be added again. Returns the new collection's name.
 */
export async function rebuild(
  { name, call }: Collection,
  change: (point: Awaited<ReturnType<QdrantClient["scroll"]>>["points"][number]) => object,
): Promise<string> {
  const old = await behind(name, call);
  const next = `${name}-${Number(old.slice(name.length + 1)) + 1}`;
  await call((qdrant) => create(qdrant, next));
  let offset: string | number | undefined;
  do {
    const from = offset === undefined ? {} : { offset };
    const page = await call((qdrant) =>
      qdrant.scroll(old, { limit: BATCH, with_payload: true, with_vector: true, ...from }),
    );
    const points = page.points.map(change);
    if (points.length > 0) await call((qdrant) => qdrant.upsert(next, { wait: true, points: points as never }));
    offset = typeof page.next_page_offset === "object" ? undefined : page.next_page_offset;
  } while (offset !== undefined);
  const switching = [
    { delete_alias: { alias_name: name } },
    { create_alias: { collection_name: next, alias_name: name } },
  ];
  await call((qdrant) => qdrant.updateCollectionAliases({ actions: switching }));
  await call((qdrant) => qdrant.deleteCollection(old));
  return next;
}

async function behind(name: string, call: Collection["call"]): Promise<string> {
  const { aliases } = await call((qdrant) => qdrant.getAliases());
  return aliases.find(({ alias_name }) => alias_name === name)?.collection_name ?? `${name}-0`;
}

/** Several processes may begin at once: whoever comes second finds what the first has made. */
async function begin(qdrant: QdrantClient, name: string): Promise<void> {
  const first = `${name}-1`;
  if (!(await qdrant.collectionExists(first)).exists) {
    await create(qdrant, first).catch(async (error: unknown) => {
      if (!(await qdrant.collectionExists(first)).exists) throw error;
    });
  }
  const actions = [{ create_alias: { collection_name: first, alias_name: name } }];
  await qdrant.updateCollectionAliases({ actions });
}

async function create(qdrant: QdrantClient, name: string): Promise<void> {
  await qdrant.createCollection(name, {
    vectors: {},
    sparse_vectors: { [WORDS]: {} },
    on_disk_payload: true,
    metadata: { heed_schema: SCHEMA },
  });
  for (const index of INDEXES) await qdrant.createPayloadIndex(name, { wait: true, ...index });
}

async function checkSchema({ name, call }: Collection): Promise<void> {
  const { config } = await call((qdrant) => qdrant.getCollection(name));
  const written = config.metadata?.["heed_schema"];
  if (written === undefined || written === SCHEMA) return;
  throw new BotError("misconfigured", {
    en: `The collection ${name} in Qdrant was written by another version of Heed (schema ${JSON.stringify(written)}, here ${SCHEMA}). Update Heed, or set QDRANT_COLLECTION to another name.`,
    "zh-TW": `Qdrant 裡的 ${name} 是由另一個版本的 Heed 寫入的（結構 ${JSON.stringify(written)}，這裡是 ${SCHEMA}）。請更新 Heed，或把 QDRANT_COLLECTION 設成別的名稱。`,
  });
}

async function attempt<T>(
  work: () => Promise<T>,
  { sleep, log }: Pick<World, "sleep" | "log">,
  signal?: AbortSignal,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error) || tried === TRIES) throw unavailable(error);
      log.warn("qdrant", { tried, error });
      await sleep(FIRST_PAUSE_MS * 2 ** (tried - 1), signal);
    }
  }
}

/** A refused request stays refused; a server that is away, busy or starting may come back. */
function mayPass(error: unknown): boolean {
  const status = typeof error === "object" && error !== null && "status" in error ? Number(error.status) : 0;
  return status === 0 || status === 429 || status >= 500;
}

function unavailable(cause: unknown): BotError {
  return new BotError(
    "unavailable",
    {
      en: "The knowledge base is away right now; nothing was changed. Please try again in a minute.",
      "zh-TW": "知識庫目前無法連線，內容沒有更動。請一分鐘後再試一次。",
    },
    { cause },
  );
}
