// Where the bench of the stores keeps its documents: a new folder, or a new collection of the Qdrant at QDRANT_URL.

import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KnowledgeOptions } from "../../src/knowledge/index.ts";
import { openQdrantStore } from "../../src/knowledge/stores/qdrant/index.ts";

export interface Place {
  name: string;
  /** Opens the same place, also again. */
  open(runtime: KnowledgeOptions["runtime"]): Promise<KnowledgeOptions["place"]>;
  /** What it takes outside of this process: bytes, or undefined where that cannot be told. */
  memory(): Promise<number | undefined>;
  disk(): number | undefined;
  discard(): Promise<void>;
}

export function embeddedPlace(): Place {
  const directory = mkdtempSync(join(tmpdir(), "heed-bench-"));
  return {
    name: "embedded",
    open: () => Promise.resolve({ directory }),
    memory: () => Promise.resolve(0),
    disk: () => statSync(join(directory, "knowledge.sqlite")).size,
    discard: () => Promise.resolve(rmSync(directory, { recursive: true })),
  };
}

/** `pid` is the server's, where it runs on this machine; without it the server's own metrics are read. */
export function qdrantPlace({ url, apiKey, pid }: { url: string; apiKey?: string; pid?: string }): Place {
  const name = `heed-bench-${randomUUID()}`;
  const headers: Record<string, string> = apiKey ? { "api-key": apiKey } : {};
  const ask = (path: string, method = "GET") => fetch(new URL(path, url), { method, headers });
  return {
    name: "Qdrant",
    open: async (runtime) => ({ store: await openQdrantStore({ url, name, ...(apiKey && { apiKey }) }, runtime) }),
    memory: async () => (pid ? residentOf(pid) : metricOf(await (await ask("/metrics")).text())),
    disk: () => undefined,
    discard: async () => {
      const { result } = (await (await ask("/collections")).json()) as { result: { collections: { name: string }[] } };
      for (const { name: each } of result.collections)
        if (each.startsWith(name)) await ask(`/collections/${each}`, "DELETE");
    },
  };
}

function residentOf(pid: string): number {
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

function metricOf(metrics: string): number | undefined {
  const found = /^memory_resident_bytes (\d+)$/m.exec(metrics)?.[1];
  return found === undefined ? undefined : Number(found);
}
