// Defines records: small durable values that all processes share.

import type { Json } from "./runtime.ts";

/** JSON values under keys such as "slack/installation/T123". A key is at most 200 characters, a value at most 256 KiB. */
export interface Records {
  get(key: string): Promise<Json | undefined>;
  /** Overwrites. With `ttlMs`, the record is gone after that many milliseconds. */
  set(key: string, value: Json, ttlMs?: number): Promise<void>;
  /** Sets it only where nothing stands; false where something does. Atomic across processes. */
  claim(key: string, value: Json, ttlMs?: number): Promise<boolean>;
  /** Changes a record in one atomic step; `change` may run more than once. Returns what stands afterwards. */
  update(key: string, change: (value: Json | undefined) => Json, ttlMs?: number): Promise<Json>;
  delete(key: string): Promise<void>;
  /** Up to `limit` records whose keys begin with `prefix`, in the order of their keys. */
  list(prefix: string, limit: number): Promise<readonly { key: string; value: Json }[]>;
}
