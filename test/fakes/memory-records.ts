// Records in a map, for tests: what is written is copied, as a database would.

import type { Records } from "../../src/core/records.ts";
import type { Json } from "../../src/core/runtime.ts";

export function createMemoryRecords(): Records & { readonly all: ReadonlyMap<string, Json> } {
  const all = new Map<string, Json>();
  return {
    all,
    get: async (key) => structuredClone(all.get(key)),
    set: async (key, value) => void all.set(key, structuredClone(value)),
    async claim(key, value) {
      if (all.has(key)) return false;
      all.set(key, structuredClone(value));
      return true;
    },
    async update(key, change) {
      const value = change(structuredClone(all.get(key)));
      all.set(key, structuredClone(value));
      return value;
    },
    delete: async (key) => void all.delete(key),
    async list(prefix, limit) {
      const keys = [...all.keys()].filter((key) => key.startsWith(prefix)).toSorted();
      return keys.slice(0, limit).map((key) => ({ key, value: structuredClone(all.get(key) ?? null) }));
    },
  };
}
