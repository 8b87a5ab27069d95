// Reads the process's environment, and defines the settings that belong to no single room.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { z } from "zod";
import { readEnv } from "../core/environment.ts";
import { BotError } from "../core/errors.ts";
import type { Env } from "../core/runtime.ts";

export const Settings = z.object({
  HEED_DATA_DIR: z
    .string()
    .default(".heed")
    .describe("Folder that keeps the queue, the knowledge base and the log when they are embedded"),
  HEED_PRIMER: z
    .stringbool()
    .default(true)
    .describe("Whether questions may be answered from the bundled course, true or false"),
  HEED_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(8)
    .describe("How many questions one worker answers at a time, a whole number from 1 to 1000"),
  HEED_LOADING_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(1)
    .describe("How many orders to load documents one worker carries out at a time, a whole number from 1 to 100"),
  HEED_LANES: z
    .string()
    .default("questions,documents")
    .transform((lanes) => lanes.split(",").map((lane) => lane.trim()))
    .pipe(z.array(z.enum(["questions", "documents"])).min(1))
    .describe("What this worker takes on: questions, documents, or both with a comma between"),
  HEED_QUEUE_LIMIT: z.coerce
    .number()
    .int()
    .min(1)
    .default(1000)
    .describe("With so many waiting, a new question is answered with 'busy', a whole number from 1"),
  HEED_DRAIN_SECONDS: z.coerce
    .number()
    .min(0)
    .max(25)
    .default(20)
    .describe("How long running answers may go on when a worker is asked to end, in seconds from 0 to 25"),
  HEED_PROVIDER_LIMITS: z
    .string()
    .default("ollama=2")
    .transform((limits) => Object.fromEntries(limits.split(",").map((limit) => limit.trim().split("="))))
    .pipe(z.record(z.string().min(1), z.coerce.number().int().min(1)))
    .describe("How many answers a provider may write at a time, over all workers, for example ollama=2,openai=20"),
  HEED_OPS_PORT: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe("Port for /healthz, /readyz and /metrics, from 1 to 65535; without it there is none"),
  HEED_OPS_HOST: z.string().default("127.0.0.1").describe("Address that HEED_OPS_PORT is opened on"),
  HEED_DASHBOARD_PASSWORD: z
    .string()
    .min(8)
    .optional()
    .describe("Password of the queue's dashboard, at least 8 characters; without it there is no dashboard"),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"])
    .default("info")
    .describe("How much is logged: debug, info, warn, error or silent"),
  QDRANT_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Qdrant for the knowledge base, http://... or https://...; without it that lives in the data folder"),
  QDRANT_API_KEY: z.string().optional().describe("Key for Qdrant, where it asks for one"),
  QDRANT_COLLECTION: z
    .string()
    .regex(/^[\w-]+$/)
    .default("heed")
    .describe("Name of the collection in Qdrant: letters, digits, _ and -"),
  QDRANT_ON_DISK: z
    .stringbool()
    .default(false)
    .describe(
      "Whether Qdrant reads vectors from the disk, true or false: less memory; for collections made from now on",
    ),
  QDRANT_QUANTIZED: z
    .stringbool()
    .default(false)
    .describe("Whether Qdrant compares meanings in 8 bits first, true or false; for collections made from now on"),
  QDRANT_SHARDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe("Parts that a collection is kept in, 1 to 64, for a cluster; for collections made from now on"),
  QDRANT_REPLICAS: z.coerce
    .number()
    .int()
    .min(1)
    .max(9)
    .default(1)
    .describe("Servers of a cluster that have each part, 1 to 9; for collections made from now on"),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/ })
    .optional()
    .describe("Redis for the queue, redis://... or rediss://...; without it the queue lives in the data folder"),
  REDIS_SENTINELS: z
    .string()
    .optional()
    .describe("Sentinels as host:port with commas between; the host in REDIS_URL is then the master's name"),
  REDIS_CLUSTER: z
    .stringbool()
    .default(false)
    .describe("Whether REDIS_URL is a node of a Redis Cluster, true or false"),
});
export type Settings = z.infer<typeof Settings>;

/** The process's variables; those in a `.env` file of the working folder fill the gaps. */
export function readEnvironment(): Env {
  return { ...readDotEnv(resolve(".env")), ...withoutEmpty(process.env) };
}

/** Throws BotError "misconfigured", naming the variable and the fix. */
export function readSettings(env: Env): Settings {
  const settings = readEnv(Settings, env);
  if (!settings) throw new TypeError("every setting has a default");
  return settings;
}

/** Processes apart share one queue; a data folder is one process's own. Throws BotError "misconfigured" without Redis. */
export function requireSharedQueue({ REDIS_URL }: Settings): void {
  if (REDIS_URL) return;
  throw new BotError("misconfigured", {
    en: "Listener and workers apart need a queue they can share: set REDIS_URL, for example redis://127.0.0.1:6379. `npm start` runs both in one process without it.",
    "zh-TW":
      "要把接收端和工作端分開執行，需要共用的佇列：請設定 REDIS_URL，例如 redis://127.0.0.1:6379。不設定時可以用 `npm start` 在同一個行程裡執行。",
  });
}

function readDotEnv(file: string): Env {
  try {
    return parseEnv(readFileSync(file, "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new BotError(
      "misconfigured",
      {
        en: `${file} is there but cannot be read. Change its permissions, or remove it.`,
        "zh-TW": `${file} 存在但無法讀取。請修正權限，或移除它。`,
      },
      { cause },
    );
  }
}

/** An empty variable means "not configured" and must not hide the one in `.env`. */
function withoutEmpty(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
}
