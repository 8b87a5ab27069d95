// The collections that everything is kept in, behind aliases, so that one can be built anew while another answers.

import { BotError } from "../../../core/errors.ts";
import type { Runtime } from "../../../core/runtime.ts";
import { createCall, type Call } from "./call.ts";
import { createSend } from "./client.ts";
import { vectorName, WORDS } from "./points.ts";
import {
  changeAliases,
  createCollection,
  createIndex,
  describeCollection,
  exists,
  readAliases,
  type Shelf,
} from "./requests.ts";

export interface QdrantPlace {
  url: string;
  apiKey?: string | undefined;
  /** The alias; the collections behind it are this with a number. */
  name: string;
  layout?: Layout | undefined;
}

/** How a collection is laid out on the server, from the moment in which it is made. */
export interface Layout {
  /** Vectors and the index of terms are read from the disk rather than kept in memory. */
  isOnDisk: boolean;
  /** Dense vectors are compared in 8 bits first; the best of them again as they are. */
  isQuantized: boolean;
  shards: number;
  /** How many servers of a cluster have each shard. */
  replicas: number;
}

export interface Collections {
  /** The alias that is searched. The one that is being built, if any, is behind the same with "-next". */
  readonly name: string;
  readonly call: Call;
  readonly layout: Layout;
}

/** A space of vectors, and how many numbers each has. */
export interface Dense {
  space: string;
  size: number;
}

/** Raised whenever points written before can no longer be read at all. */
const SCHEMA = 2;
/** Where a collection's metadata says by which schema it was written: what bears it is ours. */
export const SCHEMA_NAME = "heed_schema";

const PLAIN: Layout = { isOnDisk: false, isQuantized: false, shards: 1, replicas: 1 };

const indexes = ({ isOnDisk }: Layout) => [
  // Qdrant lays a tenant's points side by side.
  { field_name: "workspace", field_schema: { type: "keyword", is_tenant: true } },
  { field_name: "kind", field_schema: "keyword" },
  { field_name: "document", field_schema: "keyword" },
  { field_name: "revision", field_schema: "keyword" },
  { field_name: "origin", field_schema: "keyword" },
  { field_name: "terms", field_schema: { type: "integer", lookup: true, range: false, on_disk: isOnDisk } },
];

/** Opens the collection, creating it where there is none. Throws BotError "misconfigured" where another Heed or somebody else made it. */
export async function openCollections(
  place: QdrantPlace,
  runtime: Pick<Runtime, "sleep" | "log">,
): Promise<Collections> {
  const { name, layout = PLAIN } = place;
  const collections: Collections = { name, call: createCall(createSend(place), runtime), layout };
  if (await exists(collections)) await checkOurs(collections);
  else await begin(collections);
  return collections;
}

/** One of them by its own name. */
export function shelfOf({ call }: Collections, name: string): Shelf {
  return { name, call };
}

/** The alias of the collection that is being built. */
export function nextOf(name: string): string {
  return `${name}-next`;
}

/** Several processes may begin at once: whoever comes second finds what the first has made. */
async function begin(collections: Collections): Promise<void> {
  const { name, call, layout } = collections;
  const aliases = await readAliases(call);
  // A move that was cut off between the old collection's end and the alias leaves everything in the next one.
  const moved = aliases.find(({ alias_name }) => alias_name === nextOf(name))?.collection_name;
  const first = shelfOf(collections, moved ?? `${name}-1`);
  if (!(await exists(first))) {
    await create(collections, first.name).catch(async (error: unknown) => {
      if (!(await exists(first))) throw error;
    });
  }
  // Whoever made it may have died before its indexes, or not have come to them; those that are there stay as they are.
  await createIndexes(first, layout);
  await changeAliases(call, [{ create_alias: { collection_name: first.name, alias_name: name } }]);
}

export async function create(collections: Collections, name: string, dense?: Dense): Promise<void> {
  const { layout } = collections;
  const { isOnDisk, isQuantized, shards, replicas } = layout;
  const collection = shelfOf(collections, name);
  const ofSpace = dense && {
    size: dense.size,
    distance: "Cosine",
    on_disk: isOnDisk,
    ...(isQuantized && { quantization_config: { scalar: { type: "int8", always_ram: true } } }),
  };
  await createCollection(collection, {
    vectors: dense ? { [vectorName(dense.space)]: ofSpace } : {},
    sparse_vectors: { [WORDS]: { index: { on_disk: isOnDisk } } },
    on_disk_payload: true,
    metadata: { [SCHEMA_NAME]: SCHEMA },
    ...(shards > 1 && { shard_number: shards }),
    ...(replicas > 1 && { replication_factor: replicas }),
  });
  await createIndexes(collection, layout);
}

async function createIndexes(collection: Shelf, layout: Layout): Promise<void> {
  for (const index of indexes(layout)) await createIndex(collection, index);
}

async function checkOurs(collections: Collections): Promise<void> {
  const { name } = collections;
  const { config } = await describeCollection(collections);
  if (config.params.sparse_vectors?.[WORDS] === undefined)
    throw new BotError("misconfigured", {
      en: `The collection ${name} in Qdrant was not made by Heed. Set QDRANT_COLLECTION to another name.`,
      "zh-TW": `Qdrant 裡的 ${name} 不是 Heed 建立的。請把 QDRANT_COLLECTION 設成別的名稱。`,
    });
  const written = config.metadata?.[SCHEMA_NAME];
  if (written === undefined || written === SCHEMA) return;
  throw new BotError("misconfigured", {
    en: `The collection ${name} in Qdrant was written by another version of Heed (schema ${JSON.stringify(written)}, here ${SCHEMA}). Use that version, or set QDRANT_COLLECTION to another name and add the documents again.`,
    "zh-TW": `Qdrant 裡的 ${name} 是由另一個版本的 Heed 寫入的（結構 ${JSON.stringify(written)}，這裡是 ${SCHEMA}）。請改用那個版本，或把 QDRANT_COLLECTION 設成別的名稱再重新加入文件。`,
  });
}
