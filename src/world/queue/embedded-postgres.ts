// PostgreSQL inside this process (PGlite), dressed as the pg.Pool that BullMQ's PostgreSQL backend expects.
// Start Node with --liftoff-only: V8's optimising compiler spends 400 MB on PostgreSQL's WebAssembly and wins nothing here.

import { EventEmitter } from "node:events";
import { mkdirSync } from "node:fs";
import type { PGlite } from "@electric-sql/pglite";

/** One chat's worth of PostgreSQL: small buffers, no parallel machinery. */
const CONFIGURATION = [
  "shared_buffers = 4MB",
  "wal_buffers = 256kB",
  "temp_buffers = 800kB",
  "work_mem = 1MB",
  "maintenance_work_mem = 4MB",
  "max_connections = 10",
  "min_wal_size = 32MB",
  "max_wal_size = 48MB",
  "jit = off",
];

export interface QueryResult {
  // BullMQ's own interface asks for rows of any shape; they are read by BullMQ alone.
  rows: never[];
  rowCount: number;
}

const LISTEN = /^\s*(UN)?LISTEN\s+"?(\w+|\*)"?/i;
const LEADING_COMMENTS = /^(?:\s*--[^\n]*\n)+/;

/** Opens, and the first time creates, the database in `folder`. The caller holds the folder's claim. */
export async function openPostgres(folder: string): Promise<PGlite> {
  mkdirSync(folder, { recursive: true });
  const { PGlite } = await import("@electric-sql/pglite");
  const postgres = new PGlite({ dataDir: folder, postgresqlconf: CONFIGURATION });
  await postgres.waitReady;
  return postgres;
}

/** One connection of the pool. All share the single session, so only LISTEN is kept apart. */
class Connection extends EventEmitter {
  readonly #postgres: PGlite;
  readonly #listening = new Map<string, () => Promise<void>>();

  constructor(postgres: PGlite) {
    super();
    this.#postgres = postgres;
    this.setMaxListeners(0);
  }

  async query(text: string, values?: readonly unknown[]): Promise<QueryResult> {
    const [, isUnlisten, channel] = LISTEN.exec(text.replace(LEADING_COMMENTS, "")) ?? [];
    if (channel) return isUnlisten ? this.#unlisten(channel) : this.#listen(channel);
    if (!values?.length) return this.#execute(text);
    const { rows, affectedRows } = await this.#postgres.query<never>(text, [...values]);
    return { rows, rowCount: affectedRows ?? rows.length };
  }

  async release(): Promise<void> {
    await this.#unlisten("*");
  }

  async #execute(text: string): Promise<QueryResult> {
    const last = (await this.#postgres.exec(text)).at(-1);
    return { rows: (last?.rows ?? []) as never[], rowCount: last?.affectedRows ?? 0 };
  }

  async #listen(channel: string): Promise<QueryResult> {
    const notify = (payload: string) => this.emit("notification", { channel, payload });
    if (!this.#listening.has(channel)) this.#listening.set(channel, await this.#postgres.listen(channel, notify));
    return { rows: [], rowCount: 0 };
  }

  async #unlisten(channel: string): Promise<QueryResult> {
    for (const [name, stop] of this.#listening) {
      if (channel !== "*" && channel !== name) continue;
      this.#listening.delete(name);
      await stop();
    }
    return { rows: [], rowCount: 0 };
  }
}

/** The part of pg.Pool that BullMQ uses. */
export class EmbeddedPool extends EventEmitter {
  readonly options = { keepAlive: true };
  readonly #postgres: PGlite;

  constructor(postgres: PGlite) {
    super();
    this.#postgres = postgres;
    this.setMaxListeners(0);
  }

  query(text: string, values?: readonly unknown[]): Promise<QueryResult> {
    return new Connection(this.#postgres).query(text, values);
  }

  async connect(): Promise<Connection> {
    const connection = new Connection(this.#postgres);
    this.emit("connect", connection);
    return connection;
  }

  async end(): Promise<void> {
    // The database outlives the pool; whoever opened it closes it.
  }
}
