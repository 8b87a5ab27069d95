// Pictures of an answer, uploaded once and shared below it.

import { z } from "zod";
import type { Picture } from "../../src/core/reply.ts";
import type { World } from "../../src/core/world.ts";
import { SlackSilence, type CallSlack } from "./api.ts";
import { defuse } from "./mrkdwn.ts";

const Ticket = z.looseObject({ upload_url: z.string(), file_id: z.string() });

const UPLOAD_LIMIT_MS = 30_000;
const MOST_PICTURES = 10;

/** Where pictures are shared. */
export interface Wall {
  channel: string;
  thread: string | undefined;
}

/** Uploads those whose names are not in `shared` yet; `mark` is told after each. Throws SlackRefusal or SlackSilence. */
export async function sharePictures(
  pictures: readonly Picture[],
  shared: readonly string[],
  wall: Wall,
  {
    call,
    world,
    signal,
    mark,
  }: { call: CallSlack; world: Pick<World, "fetch">; signal: AbortSignal; mark: (name: string) => void },
): Promise<void> {
  for (const picture of pictures.slice(0, MOST_PICTURES)) {
    if (shared.includes(picture.name) || picture.bytes.length === 0) continue;
    const filename = picture.name.replace(/[^\p{L}\p{N}._-]+/gu, "-");
    const args = { filename, length: picture.bytes.length, alt_txt: picture.alt.slice(0, 1000) };
    const { upload_url, file_id } = Ticket.parse(await call("files.getUploadURLExternal", args, signal));
    await upload(upload_url, picture, world, signal);
    const files = [{ id: file_id, title: defuse(picture.alt.slice(0, 200)) || filename }];
    await call("files.completeUploadExternal", { files, channel_id: wall.channel, thread_ts: wall.thread }, signal);
    mark(picture.name);
  }
}

async function upload(
  url: string,
  { bytes, mediaType }: Picture,
  { fetch }: Pick<World, "fetch">,
  signal: AbortSignal,
): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(UPLOAD_LIMIT_MS)]);
  const body = new Blob([new Uint8Array(bytes)], { type: mediaType });
  const response = await fetch(url, { method: "POST", body, headers: { "content-type": mediaType }, signal: limit });
  if (!response.ok) throw new SlackSilence(`upload: ${response.status}`);
}
