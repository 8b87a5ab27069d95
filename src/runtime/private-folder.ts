// Keeps the data folder to one process and one account.

import { mkdirSync, chmodSync, lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { BotError } from "../core/errors.ts";
import type { Language, Phrase } from "../core/language.ts";
import type { Runtime } from "../core/runtime.ts";

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
      en: `I cannot write to the data folder ${folder} (${reason(cause)}). Change its permissions or free some space, or set HEED_DATA_DIR to another folder.`,
      "zh-TW": `無法寫入資料夾 ${folder}（${reason(cause)}）。請修正權限或清出空間，或把 HEED_DATA_DIR 設成別的資料夾。`,
    },
    { cause },
  );
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** For the umask of every process: what Heed makes is its own account's. */
export const PRIVATE_UMASK = 0o077;

/** What Heed keeps in its folder; of SQLite's files the beginning of the name. Anything else is somebody else's. */
const OWN = /^(?:claim|records)\.sqlite|^(?:heed\.log|history|knowledge|models|pictures|queue)$/;
/** What systems put into folders by themselves. */
const OF_THE_SYSTEM: ReadonlySet<string> = new Set(["lost+found", ".DS_Store"]);
/** A queue of Heed's has some 1,100 files. */
const MOST_ENTRIES = 100_000;

/** Makes the folder private, and says what stays open: in the log, and in `language` to whoever sits at the terminal. */
export function closeFolder(folder: string, { log, console }: Runtime, language?: Language): void {
  const open = makePrivate(folder);
  if (!open) return;
  log.warn("data folder", { reason: open.en });
  if (language) console.errors.write(`${open[language]}\n`);
}

/**
 * Takes away what others may do with the folder and with all of Heed's in it. Symbolic links are not followed. Returns a
 * sentence for whoever runs Heed where something stays open to others; on Windows there is nothing to do.
 */
export function makePrivate(folder: string): Phrase | undefined {
  if (process.platform === "win32") return undefined;
  const root = realpathSync(folder);
  const names = namesIn(root);
  const own = names.filter((name) => OWN.test(name)).map((name) => join(root, name));
  const isShared = names.some((name) => !OWN.test(name) && !OF_THE_SYSTEM.has(name));
  const open = [...(isShared || tighten(root) ? [] : [root]), ...tightenAll(own)];
  if (open[0] !== undefined) return staysOpen(open[0]);
  const leading = own.find(leadsIntoTheOpen);
  if (leading !== undefined) return isElsewhere(leading);
  if (isShared && isOpen(root)) return isNotAlone(folder);
  return isForeign(root) ? belongsToOthers(folder) : undefined;
}

/** Whether it is a link to a folder or a file that others may use: following it might close what is not Heed's. */
function leadsIntoTheOpen(path: string): boolean {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return false;
  const place = statSync(path, { throwIfNoEntry: false });
  return place !== undefined && (place.isDirectory() || place.isFile()) && isOpen(path);
}

/** Returns the paths that stay open to others. */
function tightenAll(paths: readonly string[]): readonly string[] {
  const open: string[] = [];
  const waiting = [...paths];
  for (let seen = 0; waiting.length > 0; seen++) {
    const path = waiting.pop()!;
    if (seen === MOST_ENTRIES) return [path, ...open];
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (!entry || entry.isSymbolicLink()) continue;
    if (!tighten(path)) open.push(path);
    else if (entry.isDirectory()) waiting.push(...namesIn(path).map((name) => join(path, name)));
  }
  return open;
}

/** What cannot be listed is said by whoever comes to need it. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether others may do nothing with it afterwards. */
function tighten(path: string): boolean {
  try {
    if (isOpen(path)) chmodSync(path, statSync(path).mode & ~PRIVATE_UMASK & 0o777);
    return true;
  } catch {
    // A file that has gone meanwhile is open to nobody.
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  }
}

function isOpen(path: string): boolean {
  return (statSync(path).mode & PRIVATE_UMASK) !== 0;
}

/** Root has rights of its own, whoever the folder belongs to. */
function isForeign(path: string): boolean {
  const user = process.getuid?.();
  return user !== 0 && statSync(path).uid !== user;
}

function staysOpen(path: string): Phrase {
  return {
    en: `Other accounts of this machine may read ${path}, and I may not change that. Give it to the account I run under, or set HEED_DATA_DIR to another folder.`,
    "zh-TW": `這台機器的其他帳號讀得到 ${path}，而我沒有權限更改。請把它交給執行 Heed 的帳號，或把 HEED_DATA_DIR 設成別的資料夾。`,
  };
}

function isElsewhere(path: string): Phrase {
  return {
    en: `${path} is a link to where other accounts of this machine may read, and I do not change what is outside of the data folder. Close that place to them (chmod -R go-rwx).`,
    "zh-TW": `${path} 是連結，指到這台機器的其他帳號也能讀取的地方，而我不更改資料夾以外的權限。請自行關閉那裡的權限（chmod -R go-rwx）。`,
  };
}

function isNotAlone(folder: string): Phrase {
  return {
    en: `The data folder ${folder} also holds files that are not mine, so I left the folder itself open to other accounts and closed only my own files. Set HEED_DATA_DIR to a folder of its own.`,
    "zh-TW": `資料夾 ${folder} 裡還有不屬於 Heed 的檔案，所以資料夾本身仍對其他帳號開放，只關閉了 Heed 自己的檔案。請把 HEED_DATA_DIR 設成專用的資料夾。`,
  };
}

function belongsToOthers(folder: string): Phrase {
  return {
    en: `The data folder ${folder} belongs to another account, which can read everything in it. Give it to the account I run under.`,
    "zh-TW": `資料夾 ${folder} 屬於另一個帳號，那個帳號讀得到裡面的一切。請把它交給執行 Heed 的帳號。`,
  };
}
