// Pictures and long answers as attachments, in as many messages as Discord's limits ask for.

import { calm, cut } from "./markdown.ts";
import type { Post } from "../../src/core/post.ts";
import type { Picture } from "../../src/core/reply.ts";
import { pictureLeftOut } from "./phrases.ts";

export interface OutgoingFile {
  name: string;
  bytes: Uint8Array;
  mediaType: string;
  /** What it shows, for those who cannot see it. */
  description: string;
}

const MOST_FILES = 10;
const LONGEST_STEM = 60;
const LONGEST_DESCRIPTION = 1024;
const ENDINGS = { "image/png": ".png", "image/svg+xml": ".svg" } as const;

/** The pictures that fit, and a sentence for each that does not. */
export function picturesOf({ pictures, language }: Post, limit: number): { files: OutgoingFile[]; notes: string[] } {
  const fits = ({ bytes }: Picture) => bytes.length <= limit;
  return {
    files: pictures.filter(fits).map(fileOf),
    notes: pictures
      .filter((picture) => !fits(picture))
      .map(({ name, bytes }) => pictureLeftOut(calm(name), (bytes.length / 1024 / 1024).toFixed(1))[language]),
  };
}

/** As few groups as possible: ten files each, no group larger than the limit. */
export function groupFiles(files: readonly OutgoingFile[], limit: number): OutgoingFile[][] {
  const groups: OutgoingFile[][] = [];
  let size = 0;
  for (const file of files) {
    const last = groups.at(-1);
    if (last && last.length < MOST_FILES && size + file.bytes.length <= limit) last.push(file);
    else groups.push([file]);
    size = (groups.at(-1)?.length === 1 ? 0 : size) + file.bytes.length;
  }
  return groups;
}

function fileOf({ name, alt, mediaType, bytes }: Picture): OutgoingFile {
  const stem = cut(name.replace(/\.\w{2,4}$/, "").replace(/[^\p{L}\p{N}_-]+/gu, "-"), LONGEST_STEM) || "picture";
  return { name: stem + ENDINGS[mediaType], bytes, mediaType, description: cut(calm(alt), LONGEST_DESCRIPTION) };
}
