// Opens and migrates the embedded store's file, and translates its errors.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { BotError, type ErrorCode } from "../../../core/errors.ts";
import type { Phrase } from "../../../core/language.ts";

/** Each entry brings the file from the version of its index to the next. Never change one that has been released: add another. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE document (
     key INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL, workspace TEXT NOT NULL, title TEXT NOT NULL, origin TEXT NOT NULL, url TEXT, format TEXT NOT NULL,
     digest TEXT NOT NULL, bytes INTEGER NOT NULL, added_at INTEGER NOT NULL, added_by TEXT NOT NULL,
     passages INTEGER NOT NULL, vectors BLOB NOT NULL,
     UNIQUE (workspace, id));
   CREATE INDEX document_origin ON document (workspace, origin);
   CREATE TABLE passage (
     document INTEGER NOT NULL REFERENCES document (key) ON DELETE CASCADE,
     ordinal INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, page INTEGER,
     headings TEXT NOT NULL, text TEXT NOT NULL,
     UNIQUE (document, ordinal));`,
  // Documents from before are described anew by the first renewal. The vectors stand apart, for they are read apart and are large.
  `ALTER TABLE document ADD COLUMN words TEXT NOT NULL DEFAULT '';
   CREATE INDEX document_words ON document (words);
   CREATE TABLE embedding (
     document INTEGER PRIMARY KEY REFERENCES document (key) ON DELETE CASCADE,
     space TEXT NOT NULL, vectors BLOB NOT NULL);`,
];

const BUSY_MS = 2000;
const FILE = "knowledge.sqlite";

/** Opens or creates the file in `directory`. Throws BotError "misconfigured" or "unavailable". */
export function openDatabase(directory: string): DatabaseSync {
  return explained(directory, () => {
    mkdirSync(directory, { recursive: true });
    const database = new DatabaseSync(join(directory, FILE));
    try {
      // In WAL mode with NORMAL a killed process loses nothing that was committed; only a power cut may cost the last moments.
      database.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;`);
      migrate(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

function migrate(database: DatabaseSync): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version > MIGRATIONS.length) throw newerFile();
  if (version === MIGRATIONS.length) return;
  inTransaction(database, () => {
    // Another process may have done it while this one waited for the lock.
    const now = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
    for (const step of MIGRATIONS.slice(now)) database.exec(step);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}

/** All of `work` or none of it. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    // A full disk may have ended the transaction already.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** Runs `work`, and turns an error of SQLite or of the file system into one that says what to do. */
export function explained<Result>(directory: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof BotError) throw error;
    const trouble = TROUBLES.find(({ matches }) => matches(primaryCode(error), systemCode(error)));
    if (!trouble) throw error;
    throw new BotError(trouble.code, trouble.phrase(directory), { cause: error });
  }
}

/** SQLite's primary result code: https://www.sqlite.org/rescode.html */
function primaryCode(error: unknown): number | undefined {
  const code = fieldOf(error, "errcode");
  return typeof code === "number" ? code & 0xff : undefined;
}

function systemCode(error: unknown): unknown {
  return fieldOf(error, "code");
}

/** By shape and not by class: an error of Node's own may come from another realm than this module. */
function fieldOf(error: unknown, name: string): unknown {
  return typeof error === "object" && error !== null ? Reflect.get(error, name) : undefined;
}

const SQLITE = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  inputOutput: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notDatabase: 26,
};

interface Trouble {
  matches: (sqlite: number | undefined, system: unknown) => boolean;
  code: ErrorCode;
  phrase(directory: string): Phrase;
}

const TROUBLES: readonly Trouble[] = [
  {
    matches: (sqlite, system) => sqlite === SQLITE.full || system === "ENOSPC",
    code: "unavailable",
    phrase: (directory) => ({
      en: `The disk is full, so nothing was saved in ${directory}. Free some space and try again; what was there before is unharmed.`,
      "zh-TW": `磁碟空間不足，${directory} 裡什麼都沒有存入。請騰出空間後再試一次；原有的內容沒有受損。`,
    }),
  },
  {
    matches: (sqlite, system) =>
      sqlite === SQLITE.readOnly || system === "EACCES" || system === "EROFS" || system === "EPERM",
    code: "misconfigured",
    phrase: (directory) => ({
      en: `I may not write to ${directory}, so nothing was saved. Give the account I run under the right to write there, or name another data folder.`,
      "zh-TW": `我沒有權限寫入 ${directory}，所以什麼都沒有存入。請開放執行帳號的寫入權限，或改用其他資料夾。`,
    }),
  },
  {
    matches: (sqlite, system) =>
      sqlite === SQLITE.cannotOpen || system === "EEXIST" || system === "ENOTDIR" || system === "ENOENT",
    code: "misconfigured",
    phrase: (directory) => ({
      en: `The knowledge base in ${directory} cannot be opened. Check that this is a folder and that it may be read and written.`,
      "zh-TW": `無法開啟 ${directory} 裡的知識庫。請確認這是一個資料夾，而且可以讀寫。`,
    }),
  },
  {
    matches: (sqlite) => sqlite === SQLITE.busy || sqlite === SQLITE.locked,
    code: "unavailable",
    phrase: () => ({
      en: "Another process is writing to the knowledge base. Try again in a moment.",
      "zh-TW": "另一個程序正在寫入知識庫，請稍後再試。",
    }),
  },
  {
    matches: (sqlite) => sqlite === SQLITE.corrupt || sqlite === SQLITE.notDatabase || sqlite === SQLITE.inputOutput,
    code: "misconfigured",
    phrase: (directory) => ({
      en: `The knowledge base in ${directory} is damaged and cannot be read. Put a backup of ${FILE} back, or move the file away and add the documents again.`,
      "zh-TW": `${directory} 裡的知識庫已損壞，無法讀取。請還原 ${FILE} 的備份，或移走這個檔案後重新加入文件。`,
    }),
  },
];

function newerFile(): BotError {
  return new BotError("misconfigured", {
    en: "The knowledge base was written by a newer version of Heed. Update Heed, or name another data folder.",
    "zh-TW": "這個知識庫是由較新版本的 Heed 寫入的。請更新 Heed，或改用其他資料夾。",
  });
}
