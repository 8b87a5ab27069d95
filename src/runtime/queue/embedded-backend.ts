// Keeps jobs in the data folder, in PostgreSQL inside this process.

import { join } from "node:path";
import type { Log } from "../../core/runtime.ts";
import { construct, type Backend } from "./backend.ts";
import { EmbeddedPool, openPostgres } from "./embedded-postgres.ts";
import { createEmbeddedSchedule } from "./fair-schedule.ts";

/** The folder's claim is ours alone, so a job that is marked as running was left by a process that died: it stalled. */
const RECOVER = `
  UPDATE job SET state = 'waiting', lock_token = NULL, locked_until_ms = NULL, stalled_marked = false,
    stalled_count = stalled_count + 1
  WHERE state = 'active'`;

export async function openEmbeddedBackend(folder: string, log: Log): Promise<Backend> {
  const { createPostgresBackend, runMigrations } = await import("bullmq");
  const postgres = await openPostgres(join(folder, "queue"));
  const pool = new EmbeddedPool(postgres);
  await pool.query("SET search_path TO bullmq, public");
  await runMigrations(pool);
  await pool.query(RECOVER);
  const listeners: ((id?: string) => void)[] = [];
  const bullmq = await construct(
    { adding: { connection: pool }, working: { connection: pool } },
    log,
    createPostgresBackend,
  );
  return {
    ...bullmq,
    schedule: createEmbeddedSchedule,
    publishStop: async (id) => listeners.forEach((listen) => listen(id)),
    onStop: async (listen) => void listeners.push(listen),
    ping: async () => void (await pool.query("SELECT 1")),
    close: () => postgres.close(),
  };
}
