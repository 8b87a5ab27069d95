// Uploads an answer's pictures and files once and shares them where the answer is seen.

import { createHash } from "node:crypto";
import { z } from "zod";
import type { Phrase } from "../../../src/core/language.ts";
import type { OutgoingFile } from "../../../src/core/reply.ts";
import type { Runtime } from "../../../src/core/runtime.ts";
import { truncate } from "../../../src/core/text.ts";
import { SlackRefusal, SlackSilence, type CallSlack } from "../api.ts";
import { defuse } from "../render/mrkdwn.ts";
import { fileRefused, filesLeftOut, reasonFor } from "../messages.ts";

const Ticket = z.looseObject({ upload_url: z.string(), file_id: z.string() });

const UPLOAD_LIMIT_MS = 30_000;
const MOST = 20;
const LONGEST_ALT = 1000;
const LONGEST_TITLE = 200;

/** Where they are shared. */
export interface ShareTarget {
  channel: string;
  thread?: string | undefined;
}

export class FileShares {
  readonly #call: CallSlack;
  readonly #runtime: Pick<Runtime, "fetch">;
  #shared: readonly string[];
  #refused: SlackRefusal | undefined;

  /** `shared`: those that stand in the chat already, as `share` names them. */
  constructor(call: CallSlack, runtime: Pick<Runtime, "fetch">, shared: readonly string[]) {
    this.#call = call;
    this.#runtime = runtime;
    this.#shared = shared;
  }

  get shared(): readonly string[] {
    return this.#shared;
  }

  /** The newest refusal of a file, if there was one. */
  get refused(): SlackRefusal | undefined {
    return this.#refused;
  }

  /** What there is to say of those that are not there; where Slack refuses them, they are not worth losing the answer for. Throws SlackSilence. */
  async share(
    sharedFiles: readonly OutgoingFile[],
    shareTarget: () => Promise<ShareTarget>,
    signal: AbortSignal,
  ): Promise<Phrase | undefined> {
    const left = sharedFiles
      .slice(0, MOST)
      .filter((one) => one.bytes.length > 0 && !this.#shared.includes(nameOf(one)));
    try {
      const { channel, thread } = left.length > 0 ? await shareTarget() : { channel: "" };
      for (const one of left) {
        const files = [await this.#upload(one, signal)];
        await this.#call("files.completeUploadExternal", { files, channel_id: channel, thread_ts: thread }, signal);
        this.#shared = [...this.#shared, nameOf(one)];
      }
      return sharedFiles.length > MOST ? filesLeftOut(sharedFiles.length - MOST) : undefined;
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      this.#refused = error;
      return fileRefused(reasonFor(error));
    }
  }

  async #upload(
    { name, alt, bytes, mediaType }: OutgoingFile,
    signal: AbortSignal,
  ): Promise<{ id: string; title: string }> {
    const filename = name.replace(/[^\p{L}\p{N}._-]+/gu, "-");
    const args = { filename, length: bytes.length, alt_txt: truncate(alt, LONGEST_ALT) };
    const ticket = Ticket.parse(await this.#call("files.getUploadURLExternal", args, signal));
    await this.#send(ticket.upload_url, new Blob([new Uint8Array(bytes)], { type: mediaType }), signal);
    return { id: ticket.file_id, title: defuse(truncate(alt, LONGEST_TITLE)) || filename };
  }

  async #send(url: string, body: Blob, signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.timeout(UPLOAD_LIMIT_MS);
    const request = { method: "POST", body, headers: { "content-type": body.type } };
    const { ok, status } = await this.#runtime
      .fetch(url, { ...request, signal: AbortSignal.any([signal, limit]) })
      .catch((cause: unknown) => {
        signal.throwIfAborted();
        throw new SlackSilence("upload: no answer", { cause });
      });
    if (status >= 500 || status === 429) throw new SlackSilence(`upload: ${status}`);
    if (!ok) throw new SlackRefusal("upload", `http_${status}`);
  }
}

/** Another one may come under the same name, in place of the first. */
function nameOf({ name, bytes }: OutgoingFile): string {
  return `${name} ${createHash("sha256").update(bytes).digest("base64url").slice(0, 12)}`;
}
