// Creates an embedder over a vendor's model: one request, checked, vectors of length 1.

import { withTimeLimit } from "../core/async.ts";
import type { Embedder } from "../core/knowledge.ts";
import type { Runtime } from "../core/runtime.ts";
import { modelError, toBotError } from "./errors.ts";
import type { Vendor } from "./vendor.ts";

/** Milliseconds for one request; a local server may have to load the model first. */
const LONGEST = 60_000;

/** Asks the vendor for one vector a text, in their order. Throws whatever its package throws. */
export type EmbedProtocol = (
  id: string,
  texts: readonly string[],
  signal: AbortSignal,
) => Promise<readonly (readonly number[])[]>;

export function createEmbedder(vendor: Vendor, id: string, protocol: EmbedProtocol, runtime: Runtime): Embedder {
  const incident = { vendor, id };
  return {
    name: `${vendor.provider}/${id}`,
    async embed(texts, signal) {
      signal.throwIfAborted();
      const request = new AbortController();
      const late = () => modelError("slow-start", { ...incident, waitedMs: LONGEST });
      try {
        const asked = protocol(id, texts, request.signal);
        const vectors = (await withTimeLimit(asked, LONGEST, late, runtime, signal)).map(toUnit);
        if (!isWhole(vectors, texts.length)) throw modelError("unreadable", incident);
        return vectors;
      } catch (error) {
        signal.throwIfAborted();
        throw toBotError(error, incident, { now: runtime.now(), begun: false });
      } finally {
        request.abort();
      }
    },
  };
}

function isWhole(vectors: readonly Float32Array[], many: number): boolean {
  const size = vectors[0]?.length ?? 0;
  return vectors.length === many && vectors.every((each) => each.length === size && each.every(Number.isFinite));
}

/** Divided by its length, so that a product is a cosine. */
function toUnit(numbers: readonly number[]): Float32Array {
  const length = Math.hypot(...numbers) || 1;
  return Float32Array.from(numbers, (each) => each / length);
}
