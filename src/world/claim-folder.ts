// One Heed a data folder. The claim is a lock that the operating system itself lets go of when the process dies, however it dies.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { BotError } from "../core/errors.ts";

/** A claim that nobody refers to would be closed by the garbage collector, and the folder silently be free. */
const held = new Set<DatabaseSync>();

/**
 * Claims `folder` for this process; the returned function gives it back.
 * Throws BotError "misconfigured" where another process holds it or the folder cannot be written.
 */
export function claimFolder(folder: string): () => void {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    database = new DatabaseSync(join(folder, "claim.sqlite"));
    database.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS claim (at INTEGER)");
  } catch (cause) {
    database?.close();
    throw /locked|busy/i.test(String(cause)) ? taken(folder, cause) : unusable(folder, cause);
  }
  const claim = database;
  held.add(claim);
  return () => {
    held.delete(claim);
    claim.close();
  };
}

function taken(folder: string, cause: unknown): BotError {
  return new BotError(
    "misconfigured",
    {
      en: `Another Heed is already using ${folder}. Stop it first, or set HEED_DATA_DIR to another folder.`,
      "zh-TW": `另一個 Heed 正在使用 ${folder}。請先停止它，或把 HEED_DATA_DIR 設成別的資料夾。`,
    },
    { cause },
  );
}

function unusable(folder: string, cause: unknown): BotError {
  return new BotError(
    "misconfigured",
    {
      en: `I cannot write to the data folder ${folder} (${reason(cause)}). Mend its permissions or free some space, or set HEED_DATA_DIR to another folder.`,
      "zh-TW": `無法寫入資料夾 ${folder}（${reason(cause)}）。請修正權限或清出空間，或把 HEED_DATA_DIR 設成別的資料夾。`,
    },
    { cause },
  );
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
