// Exports what makes a value storable: the queue and the records know no undefined.

import type { Json } from "./runtime.ts";

/** The value through JSON: fields that are undefined are gone. Throws TypeError for what JSON cannot hold. */
export function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
