// The store for a team: documents and passages in Qdrant, shared by every worker, each workspace's searched on the server.

import { randomUUID } from "node:crypto";
import type { KnowledgeStatus } from "../../../core/knowledge.ts";
import type { Runtime } from "../../../core/runtime.ts";
import type { IndexedDocument, Listed, Query, Reindexing, Store } from "../store.ts";
import { behind } from "./aliases.ts";
import { openCollections, shelfOf, type Collections, type QdrantPlace } from "./collection.ts";
import { lay, readDocument, readPassages, removeDocument } from "./documents.ts";
import { Frequencies } from "./frequencies.ts";
import { Abouts, readListed, type DocumentPayload } from "./points.ts";
import { reindex } from "./renew.ts";
import { describeCollection, is, readVersion, scroll, type Condition } from "./requests.ts";
import { search } from "./search.ts";
import { createSpaces, type Spaces } from "./spaces.ts";
import { createWriteToAll } from "./write-to-all.ts";

type QdrantRuntime = Pick<Runtime, "now" | "sleep" | "log">;

export async function openQdrantStore(place: QdrantPlace, runtime: QdrantRuntime): Promise<Store> {
  return new QdrantStore(await openCollections(place, runtime), runtime);
}

class QdrantStore implements Store {
  readonly #collections: Collections;
  readonly #runtime: QdrantRuntime;
  readonly #spaces: Spaces;
  readonly #frequencies: Frequencies;
  readonly #writeToAll: ReturnType<typeof createWriteToAll>;
  /** Whether this process has had its way once since it started. */
  #isRenewed = false;

  constructor(collections: Collections, runtime: QdrantRuntime) {
    this.#collections = collections;
    this.#runtime = runtime;
    this.#spaces = createSpaces(collections, runtime);
    this.#frequencies = new Frequencies(runtime);
    this.#writeToAll = createWriteToAll(collections);
  }

  async put(kept: IndexedDocument, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const version = { revision: randomUUID(), at: this.#runtime.now() };
    try {
      await this.#writeToAll((collection) => lay(collection, kept, version, signal));
    } finally {
      this.#frequencies.changed(kept.document.workspace);
    }
  }

  async search(query: Query, signal: AbortSignal) {
    signal.throwIfAborted();
    const { dense, ...words } = query;
    const has = dense !== undefined && (await this.hasSpace(dense.space));
    try {
      return await search(this.#collections, has ? query : words, this.#frequencies, signal);
    } catch (error) {
      // The collection was changed for one of another space, a moment ago.
      if (!has || !this.#spaces.isLost(error)) throw error;
      this.#runtime.log.warn("searched by words alone", { error });
      return search(this.#collections, words, this.#frequencies, signal);
    }
  }

  async remove(id: string, workspace: string): Promise<boolean> {
    const document = await this.#document(id, workspace);
    if (!document) return false;
    try {
      await this.#writeToAll((collection) => removeDocument(collection, document.about.id, workspace));
    } finally {
      this.#frequencies.changed(workspace);
    }
    return true;
  }

  async list(workspace: string): Promise<readonly Listed[]> {
    const listed = await this.#listed([is("workspace", workspace), is("kind", "document")]);
    return listed.toSorted((a, b) => a.addedAt - b.addedAt || a.id.localeCompare(b.id, "en"));
  }

  async get(id: string, workspace: string) {
    const found = await this.#document(id, workspace);
    if (!found) return undefined;
    const { passages: _, ...document } = readListed(found);
    return { document, passages: await readPassages(this.#collections, found) };
  }

  async find(origin: string, workspace: string): Promise<Listed | undefined> {
    return (await this.#listed([is("workspace", workspace), is("kind", "document"), is("origin", origin)]))[0];
  }

  hasSpace(space: string): Promise<boolean> {
    return this.#spaces.has(space);
  }

  async reindex(reindexing: Reindexing, signal: AbortSignal): Promise<number> {
    const { log, now } = this.#runtime;
    const many = await reindex(this.#collections, reindexing, { log, now, mayMove: !this.#isRenewed }, signal);
    this.#isRenewed = true;
    this.#frequencies.clear();
    this.#spaces.forget();
    return many;
  }

  async status(): Promise<KnowledgeStatus> {
    const [version, { current, next }] = await Promise.all([
      readVersion(this.#collections.call),
      behind(this.#collections),
    ]);
    const described = await describeCollection(shelfOf(this.#collections, current));
    return {
      store: "qdrant",
      version,
      collection: current,
      points: described.points_count ?? 0,
      segments: described.segments_count ?? 0,
      health: described.status,
      ...(next !== undefined && { building: next }),
    };
  }

  async close(): Promise<void> {
    // Every request stands for itself, and idle connections hold nothing up.
  }

  async #listed(must: readonly Condition[]): Promise<Listed[]> {
    const listed: Listed[] = [];
    for await (const { payload } of scroll(this.#collections, must, { fields: ["about"] }))
      listed.push(readListed(Abouts.parse(payload)));
    return listed;
  }

  /** The document of that id, or the only one whose id begins so. */
  async #document(id: string, workspace: string): Promise<DocumentPayload | undefined> {
    if (id === "") return undefined;
    const exact = await readDocument(this.#collections, id, workspace);
    if (exact) return exact;
    const near = (await this.list(workspace)).filter((listed) => listed.id.startsWith(id));
    const only = near.length === 1 ? near[0] : undefined;
    return only && only.id !== id ? this.#document(only.id, workspace) : undefined;
  }
}
