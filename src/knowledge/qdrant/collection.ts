// The collections that everything is kept in, behind aliases, so that one can be built anew while another answers.

import type { QdrantClient } from "@qdrant/js-client-rest";
import { BotError } from "../../core/errors.ts";
import type { World } from "../../core/world.ts";
import { createCall, type Call } from "./call.ts";
import { vectorName, WORDS } from "./points.ts";

export interface QdrantPlace {
  url: string;
  apiKey?: string | undefined;
  /** The alias; the collections behind it are this with a number. */
  name: string;
}

export interface Collections {
  /** The alias that is searched. The one that is being built, if any, is behind the same with "-next". */
  readonly name: string;
  readonly call: Call;
}

/** A space of vectors, and how many numbers each has. */
export interface Dense {
  space: string;
  size: number;
}

/** Raised whenever points written before can no longer be read at all. */
const SCHEMA = 1;
const LIMIT_MS = 30_000;

const INDEXES = [
  // Qdrant lays a tenant's points side by side.
  { field_name: "workspace", field_schema: { type: "keyword", is_tenant: true } },
  { field_name: "kind", field_schema: "keyword" },
  { field_name: "document", field_schema: "keyword" },
  { field_name: "revision", field_schema: "keyword" },
  { field_name: "origin", field_schema: "keyword" },
  { field_name: "terms", field_schema: { type: "integer", lookup: true, range: false } },
] as const;

/** Opens the collection, creating it where there is none. Throws BotError "misconfigured" where another Heed or somebody else made it. */
export async function openCollections(place: QdrantPlace, world: Pick<World, "sleep" | "log">): Promise<Collections> {
  const { QdrantClient } = await import("@qdrant/js-client-rest");
  const { url, apiKey, name } = place;
  // As a header of our own: given as a key, the client writes to the console where the connection is not encrypted.
  const headers = apiKey ? { "api-key": apiKey } : {};
  // The check would write to the console too, and nothing that it could say changes what is asked.
  const client = new QdrantClient({ url, headers, timeout: LIMIT_MS, checkCompatibility: false });
  const collections: Collections = { name, call: createCall(client, world) };
  const { exists } = await collections.call((qdrant) => qdrant.collectionExists(name));
  if (exists) await checkOurs(collections);
  else await collections.call((qdrant) => begin(qdrant, name));
  return collections;
}

/** The alias of the collection that is being built. */
export function nextOf(name: string): string {
  return `${name}-next`;
}

/** Several processes may begin at once: whoever comes second finds what the first has made. */
async function begin(qdrant: QdrantClient, name: string): Promise<void> {
  const { aliases } = await qdrant.getAliases();
  // A move that was cut off between the old collection's end and the alias leaves everything in the next one.
  const moved = aliases.find(({ alias_name }) => alias_name === nextOf(name))?.collection_name;
  const first = moved ?? `${name}-1`;
  if (!(await qdrant.collectionExists(first)).exists) {
    await create(qdrant, first).catch(async (error: unknown) => {
      if (!(await qdrant.collectionExists(first)).exists) throw error;
    });
  }
  // Whoever made it may have died before its indexes, or not have come to them; those that are there stay as they are.
  await createIndexes(qdrant, first);
  const actions = [{ create_alias: { collection_name: first, alias_name: name } }];
  await qdrant.updateCollectionAliases({ actions });
}

export async function create(qdrant: QdrantClient, name: string, dense?: Dense): Promise<void> {
  await qdrant.createCollection(name, {
    vectors: dense ? { [vectorName(dense.space)]: { size: dense.size, distance: "Cosine" } } : {},
    sparse_vectors: { [WORDS]: {} },
    on_disk_payload: true,
    metadata: { heed_schema: SCHEMA },
  });
  await createIndexes(qdrant, name);
}

async function createIndexes(qdrant: QdrantClient, name: string): Promise<void> {
  for (const index of INDEXES) await qdrant.createPayloadIndex(name, { wait: true, ...index });
}

async function checkOurs({ name, call }: Collections): Promise<void> {
  const { config } = await call((qdrant) => qdrant.getCollection(name));
  if (config.params.sparse_vectors?.[WORDS] === undefined)
    throw new BotError("misconfigured", {
      en: `The collection ${name} in Qdrant was not made by Heed. Set QDRANT_COLLECTION to another name.`,
      "zh-TW": `Qdrant 裡的 ${name} 不是 Heed 建立的。請把 QDRANT_COLLECTION 設成別的名稱。`,
    });
  const written = config.metadata?.["heed_schema"];
  if (written === undefined || written === SCHEMA) return;
  throw new BotError("misconfigured", {
    en: `The collection ${name} in Qdrant was written by another version of Heed (schema ${JSON.stringify(written)}, here ${SCHEMA}). Update Heed, or set QDRANT_COLLECTION to another name.`,
    "zh-TW": `Qdrant 裡的 ${name} 是由另一個版本的 Heed 寫入的（結構 ${JSON.stringify(written)}，這裡是 ${SCHEMA}）。請更新 Heed，或把 QDRANT_COLLECTION 設成別的名稱。`,
  });
}
