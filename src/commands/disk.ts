// Reads the files that a person at this machine named: one, or all in a folder, each once.

import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { BotError } from "../core/errors.ts";
import type { Upload } from "../core/knowledge.ts";
import type { Phrase } from "../core/language.ts";
import { fileTooLarge, LARGEST_FILE } from "../core/limits.ts";

export interface DiskFile {
  path: string;
  /** As the person would name it: relative to the folder that was asked for. */
  name: string;
  /** Why it cannot be read, where that is known already: a folder whose files cannot even be listed. */
  refusal?: BotError;
}

const MOST_FILES = 5000;
/** Folders that hold no documents of the person's own. */
const SKIPPED = /^(?:\..+|node_modules|__MACOSX)$/;

/** Throws BotError when there is nothing at `typed`, or it cannot be read. */
export async function listFiles(typed: string, signal: AbortSignal): Promise<readonly DiskFile[]> {
  const path = resolve(typed.replace(/^~(?=\/|$)/, homedir()));
  const found = await stat(path).catch((cause: unknown) => {
    throw noSuchFile(path, cause);
  });
  if (!found.isDirectory()) return [{ path, name: basename(path) }];
  const files: DiskFile[] = [];
  await walk(path, path, files, new Set(), signal);
  if (files.length === 0) throw emptyFolder(path);
  return files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The whole file, or a BotError that says why not. */
export async function readFromDisk({ path, name, refusal }: DiskFile): Promise<Upload> {
  if (refusal) throw refusal;
  const found = await stat(path).catch((cause: unknown) => {
    throw noSuchFile(path, cause);
  });
  if (!found.isFile()) throw new BotError("unreadable", NOT_A_FILE);
  if (found.size > LARGEST_FILE) throw fileTooLarge(found.size);
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw noSuchFile(path, cause);
  });
  return { name: basename(name), bytes, origin: path };
}

/** Depth first. A folder is entered once by its real path, so a loop of links ends. */
async function walk(
  folder: string,
  root: string,
  files: DiskFile[],
  seen: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const real = await realpath(folder).catch(() => undefined);
  if (!real || seen.has(real)) return;
  seen.add(real);
  const entries = await readdir(folder).catch((cause: unknown) => noSuchFile(folder, cause));
  if (entries instanceof BotError) {
    files.push({ path: folder, name: relative(root, folder) || basename(folder), refusal: entries });
    return;
  }
  for (const entry of entries.filter((name) => !SKIPPED.test(name))) {
    const path = join(folder, entry);
    // A link that leads nowhere is still a file that was named: reading it will say so.
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) await walk(path, root, files, seen, signal);
    else files.push({ path, name: relative(root, path) });
    if (files.length > MOST_FILES) throw tooMany(root);
  }
}

const NOT_A_FILE: Phrase = { en: "It is not an ordinary file.", "zh-TW": "這不是一般的檔案。" };

function noSuchFile(path: string, cause: unknown): BotError {
  const denied = (cause as NodeJS.ErrnoException).code === "EACCES";
  const phrase = denied
    ? {
        en: `I may not read ${path}. Change its permissions and try again.`,
        "zh-TW": `我沒有權限讀取 ${path}。請修正權限後再試。`,
      }
    : {
        en: `There is nothing to read at ${path}. Check the spelling.`,
        "zh-TW": `${path} 沒有可以讀取的檔案。請檢查路徑。`,
      };
  return new BotError(denied ? "forbidden" : "not-found", phrase, { cause });
}

function emptyFolder(path: string): BotError {
  return new BotError("not-found", {
    en: `The folder ${path} holds no files.`,
    "zh-TW": `資料夾 ${path} 裡沒有檔案。`,
  });
}

function tooMany(root: string): BotError {
  return new BotError("too-large", {
    en: `${root} holds more than ${MOST_FILES} files. Add its folders one by one.`,
    "zh-TW": `${root} 裡超過 ${MOST_FILES} 個檔案。請分成幾個資料夾加入。`,
  });
}
