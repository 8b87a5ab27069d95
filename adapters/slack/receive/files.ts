// Downloads a file with the workspace's token, from Slack's own hosts alone.

import { z } from "zod";
import { BotError } from "../../../src/core/errors.ts";
import type { Attachment } from "../../../src/core/invocation.ts";
import type { Phrase } from "../../../src/core/language.ts";
import { fileTooLarge, LARGEST_FILE } from "../../../src/core/limits.ts";
import type { Runtime } from "../../../src/core/runtime.ts";
import { DOWNLOAD_LIMIT_MS, readDownload } from "../../kit/download.ts";
import { SlackRefusal, SlackSilence, type Slack } from "../api.ts";
import type { Installations } from "../install/tokens.ts";
import { SlackFile } from "./payloads.ts";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

const Reference = z.object({
  id: z.string(),
  team: z.string(),
  enterprise: z.string().nullable(),
  url: z.string().nullable(),
  mode: z.string().nullable(),
  isPartial: z.boolean(),
});
const Info = z.looseObject({ file: SlackFile });

export interface Archive {
  slack: Slack;
  installations: Installations;
  runtime: Pick<Runtime, "fetch">;
  apiUrl: string;
}

/** Throws BotError "unreadable", "too-large" or "connection-lost", saying what would help; who asked for the file names it. */
export async function download(attachment: Attachment, archive: Archive, signal: AbortSignal): Promise<Uint8Array> {
  const reference = Reference.parse(attachment.data);
  const { name, bytes = 0 } = attachment;
  if (reference.mode === "tombstone" || reference.mode === "hidden_by_limit") throw unreadable(GONE);
  if (bytes > LARGEST_FILE) throw fileTooLarge(bytes);
  const token = await archive.installations.token(reference.team, reference.enterprise ?? undefined);
  const url =
    reference.isPartial || !reference.url ? await locate(reference.id, token, archive, signal) : reference.url;
  if (!isSlackHost(url, archive.apiUrl)) throw unreadable(ELSEWHERE);
  return fetchBytes(name, url, token, archive, AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_LIMIT_MS)]));
}

/** A file from another company's workspace comes as an id alone. */
async function locate(id: string, token: string, { slack }: Archive, signal: AbortSignal): Promise<string> {
  try {
    const { file } = Info.parse(await slack.as(token)("files.info", { file: id }, signal));
    const url = file.url_private_download || file.url_private;
    if (url) return url;
  } catch (error) {
    if (error instanceof SlackSilence) throw lost(error);
    if (!(error instanceof SlackRefusal)) throw error;
    throw unreadable(error.code === "missing_scope" ? NO_SCOPE : GONE, error);
  }
  throw unreadable(GONE);
}

async function fetchBytes(
  name: string,
  url: string,
  token: string,
  { runtime }: Archive,
  signal: AbortSignal,
): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await runtime.fetch(url, { headers: { authorization: `Bearer ${token}` }, signal });
    if (response.ok) return await readBytes(name, response);
  } catch (error) {
    if (error instanceof BotError) throw error;
    throw lost(error);
  }
  if (response.status >= 500 || response.status === 429) throw lost(response.status);
  throw unreadable(response.status === 404 || response.status === 410 ? GONE : NO_SCOPE);
}

async function readBytes(name: string, { headers, body }: Response): Promise<Uint8Array> {
  // Slack answers a token without the right with its sign-in page, and with status 200.
  if (headers.get("content-type")?.startsWith("text/html") && !/\.x?html?$/i.test(name)) throw unreadable(NO_SCOPE);
  return readDownload({ body }, lost);
}

/** The token must not travel anywhere else, whatever a payload names. */
function isSlackHost(url: string, apiUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, protocol } = new URL(url);
  const own = new URL(apiUrl).hostname;
  // A stand-in on this machine may call it by another of its names.
  if (hostname === own || (LOOPBACK.has(own) && LOOPBACK.has(hostname))) return true;
  return protocol === "https:" && /(?:^|\.)(?:slack\.com|slack-files\.com|slack-edge\.com)$/.test(hostname);
}

const GONE: Phrase = {
  en: "Slack no longer has it. Please upload it again.",
  "zh-TW": "Slack 上已經沒有這個檔案，請重新上傳。",
};
const NO_SCOPE: Phrase = {
  en: "Slack does not let me read it. An admin can give Heed the scope files:read and install it again.",
  "zh-TW": "Slack 不讓我讀取。請管理員為 Heed 加上 files:read 權限後重新安裝。",
};
const ELSEWHERE: Phrase = {
  en: "It lies outside Slack, where I do not go with Slack's key. Please upload the file itself.",
  "zh-TW": "它不在 Slack 上，我不會帶著 Slack 的權杖去外部網站讀取。請直接上傳檔案。",
};

function unreadable(phrase: Phrase, cause?: unknown): BotError {
  return new BotError("unreadable", phrase, { cause });
}

function lost(cause: unknown): BotError {
  return new BotError(
    "connection-lost",
    { en: "Slack broke off while sending it. Please try again.", "zh-TW": "從 Slack 下載時中斷了，請再試一次。" },
    { cause },
  );
}
