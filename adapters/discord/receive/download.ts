// Downloads a file that came along; asks Discord for a new address where the signed one ran out.

import { z } from "zod";
import { BotError } from "../../../src/core/errors.ts";
import type { Attachment } from "../../../src/core/invocation.ts";
import { fileTooLarge, LARGEST_FILE } from "../../../src/core/limits.ts";
import type { Runtime } from "../../../src/core/runtime.ts";
import { DOWNLOAD_LIMIT_MS, readDownload } from "../../kit/download.ts";
import type { Send } from "../rest.ts";

/** What the signed address answers when its time is over. */
const EXPIRED: ReadonlySet<number> = new Set([401, 403, 404, 410]);

const Origin = z.object({
  id: z.string(),
  url: z.string(),
  message: z.object({ channel: z.string(), id: z.string() }).optional(),
});
type Origin = z.infer<typeof Origin>;
const MessageFiles = z.object({ attachments: z.array(z.object({ id: z.string(), url: z.string() })) });
const Refreshed = z.object({ refreshed_urls: z.array(z.object({ refreshed: z.string() })).min(1) });

interface DownloadDeps {
  send: Send;
  runtime: Runtime;
}

/** Throws BotError: "too-large", "unreadable" where the file is gone, or what the network did. */
export async function download(attachment: Attachment, deps: DownloadDeps, signal: AbortSignal): Promise<Uint8Array> {
  const { bytes = 0, data, name } = attachment;
  if (bytes > LARGEST_FILE) throw fileTooLarge();
  const origin = Origin.parse(data);
  const within = AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_LIMIT_MS)]);
  let response = await request(origin.url, name, deps, within);
  if (EXPIRED.has(response.status))
    response = await request(await freshUrl(origin, name, deps, within), name, deps, within);
  if (response.status >= 500) throw cutOff(name, response.status);
  if (!response.ok) throw gone(name);
  return readDownload(response, (cause) => cutOff(name, cause));
}

async function request(url: string, name: string, { runtime }: DownloadDeps, signal: AbortSignal): Promise<Response> {
  try {
    return await runtime.fetch(url, { signal });
  } catch (cause) {
    throw cutOff(name, cause);
  }
}

async function freshUrl(
  { id, url, message }: Origin,
  name: string,
  { send }: DownloadDeps,
  signal: AbortSignal,
): Promise<string> {
  try {
    const found =
      message && (await send({ method: "GET", path: `/channels/${message.channel}/messages/${message.id}`, signal }));
    const standing = found && MessageFiles.parse(found.body).attachments.find((file) => file.id === id);
    if (standing) return standing.url;
    const body = { attachment_urls: [url] };
    const refreshed = await send({ method: "POST", path: "/attachments/refresh-urls", body, signal });
    return Refreshed.parse(refreshed.body).refreshed_urls[0]?.refreshed ?? url;
  } catch (cause) {
    throw gone(name, cause);
  }
}

function gone(name: string, cause?: unknown): BotError {
  const phrase = {
    en: `Discord no longer has ${name}. Send the file again.`,
    "zh-TW": `Discord 上已經沒有 ${name}。請再傳一次這個檔案。`,
  };
  return new BotError("unreadable", phrase, { cause });
}

function cutOff(name: string, cause: unknown): BotError {
  const phrase = {
    en: `Fetching ${name} from Discord failed.`,
    "zh-TW": `從 Discord 取得 ${name} 失敗。`,
  };
  return new BotError("connection-lost", phrase, { cause });
}
