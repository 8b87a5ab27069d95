// The store for a team: documents and passages in Qdrant, shared by every worker, each workspace's searched on the server.

import { randomUUID } from "node:crypto";
import type { World } from "../../core/world.ts";
import type { Kept, Listed, Query, Renewal, Store } from "../store.ts";
import { openCollections, type Collections, type QdrantPlace } from "./collection.ts";
import { lay, readDocument, readPassages, is, removeDocument, scroll, sweep, type Shelf } from "./documents.ts";
import { Abouts, type DocumentPayload, readListed, readPassage } from "./points.ts";
import { renew } from "./renew.ts";
import { search } from "./search.ts";
import { createSpaces, type Spaces } from "./spaces.ts";
import type { Totals } from "./statistics.ts";
import { writeToAll } from "./write-to-all.ts";

/** How long the sums over a workspace's documents are taken as they were, where another worker may have changed them. */
const FRESH_MS = 5000;

type QdrantWorld = Pick<World, "now" | "sleep" | "log">;

export async function openQdrantStore(place: QdrantPlace, world: QdrantWorld): Promise<Store> {
  return new QdrantStore(await openCollections(place, world), world);
}

class QdrantStore implements Store {
  readonly #collections: Collections;
  readonly #world: QdrantWorld;
  readonly #spaces: Spaces;
  /** Whether this process has had its way once since it started. */
  #isRenewed = false;
  readonly #totals = new Map<string, { at: number; totals: Totals }>();

  constructor(collections: Collections, world: QdrantWorld) {
    this.#collections = collections;
    this.#world = world;
    this.#spaces = createSpaces(collections, world);
  }

  async put(kept: Kept, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { id, workspace } = kept.document;
    const revision = randomUUID();
    try {
      await writeToAll(this.#collections, (shelf) => lay(shelf, kept, revision, signal));
    } catch (error) {
      await this.#clearAway(workspace, id, revision);
      throw error;
    } finally {
      this.#totals.delete(workspace);
    }
  }

  async search(query: Query, signal: AbortSignal) {
    signal.throwIfAborted();
    const all = await Promise.all(query.workspaces.map((workspace) => this.#totalsOf(workspace, signal)));
    const totals = all.reduce((sum, each) => ({
      documents: sum.documents + each.documents,
      passages: sum.passages + each.passages,
      textLength: sum.textLength + each.textLength,
      titleLength: sum.titleLength + each.titleLength,
      articleLength: sum.articleLength + each.articleLength,
    }));
    const { dense, ...words } = query;
    const has = dense !== undefined && (await this.hasSpace(dense.space));
    try {
      return await search(this.#shelf, has ? query : words, totals, signal);
    } catch (error) {
      // The collection was changed for one of another space, a moment ago.
      if (!has || !this.#spaces.isLost(error)) throw error;
      this.#world.log.warn("searched by words alone", { error });
      return search(this.#shelf, words, totals, signal);
    }
  }

  async remove(id: string, workspace: string): Promise<boolean> {
    const document = await this.#document(id, workspace);
    if (!document) return false;
    await writeToAll(this.#collections, (shelf) => removeDocument(shelf, { workspace, document: document.document }));
    this.#totals.delete(workspace);
    return true;
  }

  async list(workspace: string): Promise<readonly Listed[]> {
    const must = [is("workspace", workspace), is("kind", "document")];
    return (await scroll(this.#shelf, must, { fields: ["about"] }))
      .map((payload) => readListed(Abouts.parse(payload)))
      .toSorted((a, b) => a.addedAt - b.addedAt || a.id.localeCompare(b.id, "en"));
  }

  async get(id: string, workspace: string) {
    const found = await this.#document(id, workspace);
    if (!found) return undefined;
    const { passages: _, ...document } = readListed(found);
    const passages = await readPassages(this.#shelf, found);
    return { document, passages: passages.map((passage) => readPassage(passage, found)) };
  }

  async find(origin: string, workspace: string): Promise<Listed | undefined> {
    const must = [is("workspace", workspace), is("kind", "document"), is("origin", origin)];
    const [found] = await scroll(this.#shelf, must, { fields: ["about"] });
    return found === undefined ? undefined : readListed(Abouts.parse(found));
  }

  hasSpace(space: string): Promise<boolean> {
    return this.#spaces.has(space);
  }

  async renew(renewal: Renewal, signal: AbortSignal): Promise<number> {
    const { log } = this.#world;
    const many = await renew(this.#collections, renewal, { log, mayMove: !this.#isRenewed }, signal);
    this.#isRenewed = true;
    this.#totals.clear();
    this.#spaces.forget();
    return many;
  }

  async close(): Promise<void> {
    // Every request stands for itself.
  }

  get #shelf(): Shelf {
    return this.#collections;
  }

  /** The document of that id, or the only one whose id begins so. */
  async #document(id: string, workspace: string): Promise<DocumentPayload | undefined> {
    if (id === "") return undefined;
    const exact = await readDocument(this.#shelf, id, workspace);
    if (exact) return exact;
    const near = (await this.list(workspace)).filter((listed) => listed.id.startsWith(id));
    const only = near.length === 1 ? near[0] : undefined;
    return only && only.id !== id ? this.#document(only.id, workspace) : undefined;
  }

  /** After a put that failed: its passages go, unless the document was put after all and only the answer was lost. */
  async #clearAway(workspace: string, document: string, revision: string): Promise<void> {
    try {
      await writeToAll(this.#collections, async (shelf) => {
        const standing = await readDocument(shelf, document, workspace);
        if (standing?.revision !== revision) await sweep(shelf, { workspace, document, revision });
      });
    } catch (error) {
      // No search shows them, so what cannot be removed now does no harm.
      this.#world.log.warn("passages of a failed put were left behind", { document, error });
    }
  }

  async #totalsOf(workspace: string, signal: AbortSignal): Promise<Totals> {
    const known = this.#totals.get(workspace);
    if (known && this.#world.now() - known.at < FRESH_MS) return known.totals;
    const must = [is("workspace", workspace), is("kind", "document")];
    const totals: Totals = { documents: 0, passages: 0, textLength: 0, titleLength: 0, articleLength: 0 };
    const fields = ["about.passages", "textLength", "title.length", "article.length"];
    for (const payload of await scroll(this.#shelf, must, { fields, signal })) {
      const { about, textLength, title, article } = payload as DocumentPayload;
      totals.documents += 1;
      totals.passages += about.passages;
      totals.textLength += textLength;
      totals.titleLength += title.length;
      totals.articleLength += article.length;
    }
    this.#totals.set(workspace, { at: this.#world.now(), totals });
    return totals;
  }
}
