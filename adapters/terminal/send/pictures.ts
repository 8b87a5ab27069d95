// Saves an answer's pictures as files and names them below the text.

import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Language, Phrase } from "../../../src/core/language.ts";
import { fold, type Post } from "../../../src/core/post.ts";
import type { Picture } from "../../../src/core/reply.ts";

/** The post with a note for each picture: where it lies, or that it could not be kept. An earlier one of its name goes. */
export async function keepPictures(post: Post, folder: string): Promise<Post> {
  let noted = post;
  for (const picture of post.pictures) {
    const text = await keep(picture, folder, post.language);
    noted = fold(noted, { type: "note", text });
  }
  return noted;
}

async function keep({ name, bytes }: Picture, folder: string, language: Language): Promise<string> {
  const path = resolve(join(folder, name.replace(/[^\p{L}\p{N}._-]+/gu, "-")));
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(path, bytes);
    return `${PICTURE[language]}${path}`;
  } catch {
    return NOT_KEPT[language];
  }
}

const PICTURE: Phrase = { en: "Picture: ", "zh-TW": "圖片：" };
const NOT_KEPT: Phrase = {
  en: "A picture came with this, but it could not be written to the data folder.",
  "zh-TW": "這裡有一張圖片，但無法寫入資料夾。",
};
