// Loads the documents that come with Heed, for everyone, and follows their folder.

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { EVERYONE, type Added, type KnowledgeBase, type Upload } from "../../core/knowledge.ts";
import type { Records } from "../../core/records.ts";
import { bytesDigest } from "./ingest.ts";
import type { Store } from "../stores/store.ts";

export const PRIMER = join(import.meta.dirname, "../primer");

const ORIGIN = "primer/";
const OWNER = { workspace: EVERYONE, user: "heed" };

/** Which workspaces have taken the bundled course out, kept with the records. */
export type PrimerSwitch = Pick<KnowledgeBase, "primer" | "usePrimer">;

export function createPrimerSwitch(records: Pick<Records, "get" | "set" | "delete">, isEnabled: boolean): PrimerSwitch {
  const keyOf = (workspace: string) => `kb/primer-removed/${createHash("sha256").update(workspace).digest("hex")}`;
  return {
    primer: async (workspace) => {
      if (!isEnabled) return "disabled";
      return (await records.get(keyOf(workspace))) === true ? "removed" : "used";
    },
    usePrimer: (isUsed, workspace) => (isUsed ? records.delete(keyOf(workspace)) : records.set(keyOf(workspace), true)),
  };
}

/** For a knowledge base of which every workspace has the course. */
export const ALWAYS_USED: PrimerSwitch = { primer: async () => "used", usePrimer: async () => {} };

export interface PrimerLoad {
  folder: string;
  store: Store;
  add: (upload: Upload, owner: typeof OWNER, signal: AbortSignal) => Promise<Added>;
  /** Called after each document that was new or changed. */
  onProgress?: (done: number, total: number, title: string) => void;
}

/** Adds what is new or changed and removes what is gone; unchanged files are only hashed. Returns how many of each. */
export async function loadPrimer(
  { folder, store, add, onProgress }: PrimerLoad,
  signal: AbortSignal,
): Promise<{ added: number; removed: number }> {
  const stored = new Map((await store.list(EVERYONE)).map((document) => [document.origin, document]));
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".md")).toSorted();
  let added = 0;
  for (const [i, path] of paths.entries()) {
    signal.throwIfAborted();
    const name = path.replaceAll("\\", "/");
    const origin = ORIGIN + name;
    const bytes = await readFile(join(folder, path));
    const before = stored.get(origin);
    stored.delete(origin);
    if (before?.digest === bytesDigest(bytes)) continue;
    const { document } = await add({ name, bytes, origin, mediaType: "text/markdown" }, OWNER, signal);
    added++;
    onProgress?.(i + 1, paths.length, document.title);
  }
  const stale = [...stored.values()].filter(({ origin }) => origin.startsWith(ORIGIN));
  for (const { id } of stale) await store.remove(id, EVERYONE);
  return { added, removed: stale.length };
}
