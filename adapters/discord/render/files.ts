// Groups pictures and long answers into as many messages as Discord's limits need.

import { truncate } from "../../../src/core/text.ts";
import { calm } from "./markdown.ts";
import { filesOf, type Post } from "../../../src/core/post.ts";
import type { OutgoingFile } from "../../../src/core/reply.ts";
import { pictureLeftOut } from "../messages.ts";

export interface DiscordFile {
  name: string;
  bytes: Uint8Array;
  mediaType: string;
  /** What it shows, for those who cannot see it. */
  description: string;
}

const MOST_FILES = 10;
const LONGEST_STEM = 60;
const LONGEST_DESCRIPTION = 1024;
const ENDINGS: Readonly<Record<string, string>> = { "image/png": ".png", "image/svg+xml": ".svg" };

/** The pictures and files that fit, and a sentence for each that does not. */
export function enclosed(post: Post, limit: number): { files: DiscordFile[]; notes: string[] } {
  const all = filesOf(post);
  const fits = ({ bytes }: OutgoingFile) => bytes.length <= limit;
  return {
    files: all.filter(fits).map(fileOf),
    notes: all
      .filter((file) => !fits(file))
      .map(({ name, bytes }) => pictureLeftOut(calm(name), (bytes.length / 1024 / 1024).toFixed(1))[post.language]),
  };
}

/** As few groups as possible: ten files each, no group larger than the limit. */
export function groupFiles(files: readonly DiscordFile[], limit: number): DiscordFile[][] {
  const groups: DiscordFile[][] = [];
  let size = 0;
  for (const file of files) {
    const last = groups.at(-1);
    if (last && last.length < MOST_FILES && size + file.bytes.length <= limit) last.push(file);
    else groups.push([file]);
    size = (groups.at(-1)?.length === 1 ? 0 : size) + file.bytes.length;
  }
  return groups;
}

function fileOf({ name, alt, mediaType, bytes }: OutgoingFile): DiscordFile {
  const [own = ""] = /\.\w{2,5}$/.exec(name) ?? [];
  const stem =
    truncate(name.slice(0, name.length - own.length).replace(/[^\p{L}\p{N}_-]+/gu, "-"), LONGEST_STEM) || "picture";
  return {
    name: stem + (ENDINGS[mediaType] ?? own),
    bytes,
    mediaType,
    description: truncate(calm(alt), LONGEST_DESCRIPTION),
  };
}
