// The store for a team: documents and passages in Qdrant, shared by every worker, each workspace's searched on the server.

import { randomUUID } from "node:crypto";
import type { World } from "../../core/world.ts";
import type { Kept, Listed, Store } from "../store.ts";
import { openCollection, type Collection, type QdrantPlace } from "./collection.ts";
import {
  Abouts,
  documentPoint,
  documentPointId,
  DocumentPayload,
  PassagePayload,
  passagePoints,
  readListed,
  readPassage,
} from "./points.ts";
import { is, search, type Totals } from "./search.ts";

/** Points a request. */
const BATCH = 64;
const PAGE = 500;
/** How long the sums over a workspace's documents are taken as they were, where another worker may have changed them. */
const FRESH_MS = 5000;

export async function openQdrantStore(place: QdrantPlace, world: Pick<World, "now" | "sleep" | "log">): Promise<Store> {
  return new QdrantStore(await openCollection(place, world), world);
}

class QdrantStore implements Store {
  readonly #collection: Collection;
  readonly #world: Pick<World, "now" | "log">;
  readonly #totals = new Map<string, { at: number; totals: Totals }>();

  constructor(collection: Collection, world: Pick<World, "now" | "log">) {
    this.#collection = collection;
    this.#world = world;
  }

  /** The passages first, then the document that names their revision: until then the old ones stand. */
  async put(kept: Kept, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { name, call } = this.#collection;
    const { id, workspace } = kept.document;
    const revision = randomUUID();
    const points = passagePoints(kept, revision);
    try {
      for (let at = 0; at < points.length; at += BATCH) {
        const batch = points.slice(at, at + BATCH);
        await call((qdrant) => qdrant.upsert(name, { wait: true, points: batch }), signal);
      }
      const document = documentPoint(kept, revision);
      // Read as late as may be: another worker may be putting the same document, and what it has put must go.
      const replaced = await this.#exact(id, workspace);
      await call((qdrant) => qdrant.upsert(name, { wait: true, points: [document] as never }), signal);
      if (replaced) await this.#sweep(workspace, id, replaced.revision);
    } catch (error) {
      await this.#clearAway(workspace, id, revision);
      throw error;
    } finally {
      this.#totals.delete(workspace);
    }
  }

  async search(query: Parameters<Store["search"]>[0], signal: AbortSignal) {
    signal.throwIfAborted();
    const all = await Promise.all(query.workspaces.map((workspace) => this.#totalsOf(workspace, signal)));
    const totals = all.reduce((sum, each) => ({
      documents: sum.documents + each.documents,
      passages: sum.passages + each.passages,
      textLength: sum.textLength + each.textLength,
      titleLength: sum.titleLength + each.titleLength,
      articleLength: sum.articleLength + each.articleLength,
    }));
    return search(this.#collection, query, totals, signal);
  }

  async remove(id: string, workspace: string): Promise<boolean> {
    const { name, call } = this.#collection;
    const document = await this.#document(id, workspace);
    if (!document) return false;
    const points = [documentPointId(workspace, document.document)];
    await call((qdrant) => qdrant.delete(name, { wait: true, points }));
    await this.#sweep(workspace, document.document);
    this.#totals.delete(workspace);
    return true;
  }

  async list(workspace: string): Promise<readonly Listed[]> {
    const documents = await this.#scroll([is("workspace", workspace), is("kind", "document")], ["about"]);
    return documents
      .map((payload) => readListed(Abouts.parse(payload)))
      .toSorted((a, b) => a.addedAt - b.addedAt || a.id.localeCompare(b.id, "en"));
  }

  async get(id: string, workspace: string) {
    const found = await this.#document(id, workspace);
    if (!found) return undefined;
    const { passages: _, ...document } = readListed(found);
    const mine = [is("workspace", workspace), is("kind", "passage"), is("revision", found.revision)];
    const passages = (await this.#scroll(mine)).map((payload) => PassagePayload.parse(payload));
    const ordered = passages.toSorted((a, b) => a.ordinal - b.ordinal);
    return { document, passages: ordered.map((passage) => readPassage(passage, found)) };
  }

  async find(origin: string, workspace: string): Promise<Listed | undefined> {
    const must = [is("workspace", workspace), is("kind", "document"), is("origin", origin)];
    const [found] = await this.#scroll(must, ["about"]);
    return found === undefined ? undefined : readListed(Abouts.parse(found));
  }

  async close(): Promise<void> {
    // Every request stands for itself.
  }

  /** The document of that id, or the only one whose id begins so. */
  async #document(id: string, workspace: string): Promise<DocumentPayload | undefined> {
    if (id === "") return undefined;
    const exact = await this.#exact(id, workspace);
    if (exact) return exact;
    const near = (await this.list(workspace)).filter((listed) => listed.id.startsWith(id));
    const only = near.length === 1 ? near[0] : undefined;
    return only && only.id !== id ? this.#document(only.id, workspace) : undefined;
  }

  async #exact(id: string, workspace: string): Promise<DocumentPayload | undefined> {
    const { name, call } = this.#collection;
    const ids = [documentPointId(workspace, id)];
    const [found] = await call((qdrant) => qdrant.retrieve(name, { ids }));
    return found && DocumentPayload.parse(found.payload);
  }

  /** Removes a document's passages, those of one revision or all. */
  async #sweep(workspace: string, document: string, revision?: string): Promise<void> {
    const { name, call } = this.#collection;
    const whose = [is("workspace", workspace), is("document", document), is("kind", "passage")];
    const must = revision === undefined ? whose : [...whose, is("revision", revision)];
    await call((qdrant) => qdrant.delete(name, { wait: true, filter: { must } }));
  }

  /** After a put that failed: its passages go, unless the document was put after all and only the answer was lost. */
  async #clearAway(workspace: string, document: string, revision: string): Promise<void> {
    try {
      const standing = await this.#exact(document, workspace);
      if (standing?.revision !== revision) await this.#sweep(workspace, document, revision);
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
    const wanted = ["about.passages", "textLength", "title.length", "article.length"];
    for (const payload of await this.#scroll(must, wanted, signal)) {
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

  async #scroll(must: object[], fields?: readonly string[], signal?: AbortSignal): Promise<unknown[]> {
    const { name, call } = this.#collection;
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
}
