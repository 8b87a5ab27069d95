// PostgreSQL inside this process (PGlite), dressed as the pg.Pool that BullMQ's PostgreSQL backend expects.
// Start Node with --liftoff-only: V8's optimising compiler spends 400 MB on PostgreSQL's WebAssembly and wins nothing here.

import { EventEmitter } from "node:events";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { BotError } from "../../core/errors.ts";
import { openPrivateFiles } from "./private-files.ts";

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

/** Written when the database has been created whole. Without it, what lies there was broken off and never held a job. */
const MARK = "created";

/**
 * Opens, and the first time creates, the database in `folder`. The caller holds the folder's claim.
 * Throws BotError "misconfigured" where the folder cannot hold it.
 */
export async function openPostgres(folder: string): Promise<PGlite> {
  const { PGlite } = await import("@electric-sql/pglite");
  const mark = join(folder, MARK);
  try {
    if (!existsSync(mark)) rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const files = await openPrivateFiles(join(folder, "postgres"));
    const postgres = new PGlite({ fs: files, postgresqlconf: CONFIGURATION });
    await postgres.waitReady;
    writeFileSync(mark, "");
    return postgres;
  } catch (cause) {
    throw unusable(folder, cause);
  }
}

function unusable(folder: string, cause: unknown): BotError {
  return new BotError(
    "misconfigured",
    {
      en: `I cannot keep the queue in ${folder}. Most often the disk is full (some 60 MB are needed) or not writable: change that, or set HEED_DATA_DIR to another folder.`,
      "zh-TW": `無法把佇列存放在 ${folder}。最常見的原因是磁碟已滿（需要約 60 MB）或無法寫入：請排除後再試，或把 HEED_DATA_DIR 設成別的資料夾。`,
    },
    { cause },
  );
}

/** One connection of the pool. All share the single session, so only LISTEN is kept apart. */
class PoolConnection extends EventEmitter {
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
    return new PoolConnection(this.#postgres).query(text, values);
  }

  async connect(): Promise<PoolConnection> {
    const connection = new PoolConnection(this.#postgres);
    this.emit("connect", connection);
    return connection;
  }

  async end(): Promise<void> {
    // The database outlives the pool; whoever opened it closes it.
  }
}
