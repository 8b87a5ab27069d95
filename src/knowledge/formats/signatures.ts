// The first bytes of files that hold no text to read, each with its name and with what would help.

import type { Phrase } from "../../core/language.ts";

type Signature = readonly [at: number, bytes: string, kind: string, family: Family];
type Family = "image" | "recording" | "archive" | "program" | "store" | "font" | "office";

const MENDS: Readonly<Record<Family, Phrase>> = {
  image: {
    en: "I read no pictures; add its text, or a PDF in which the text can be selected.",
    "zh-TW": "我不讀圖片，請加入文字內容，或文字可以選取的 PDF。",
  },
  recording: { en: "Add a transcript of it instead.", "zh-TW": "請改為加入它的逐字稿。" },
  archive: { en: "Unpack it and add the files inside.", "zh-TW": "請先解壓縮，再加入裡面的檔案。" },
  program: { en: "It holds no document.", "zh-TW": "裡面沒有文件內容。" },
  store: { en: "Export what you need as CSV or text.", "zh-TW": "請把需要的內容匯出成 CSV 或純文字。" },
  font: { en: "It holds no document.", "zh-TW": "裡面沒有文件內容。" },
  office: { en: "Save it as DOCX or PDF and add that.", "zh-TW": "請另存成 DOCX 或 PDF 再加入。" },
};

/** First bytes, written as Latin-1. */
const SIGNATURES: readonly Signature[] = [
  [0, "\x89PNG", "PNG", "image"],
  [0, "\xff\xd8\xff", "JPEG", "image"],
  [0, "GIF8", "GIF", "image"],
  [8, "WEBP", "WebP", "image"],
  [0, "II*\0", "TIFF", "image"],
  [0, "MM\0*", "TIFF", "image"],
  [0, "BM", "BMP", "image"],
  [0, "\0\0\x01\0", "ICO", "image"],
  [4, "ftyphei", "HEIC", "image"],
  [4, "ftypmif1", "HEIC", "image"],
  [4, "ftypavif", "AVIF", "image"],
  [0, "8BPS", "Photoshop", "image"],
  [4, "ftyp", "MP4", "recording"],
  [0, "ID3", "MP3", "recording"],
  [0, "\xff\xfb", "MP3", "recording"],
  [0, "OggS", "Ogg", "recording"],
  [0, "fLaC", "FLAC", "recording"],
  [8, "WAVE", "WAV", "recording"],
  [8, "AVI ", "AVI", "recording"],
  [0, "\x1aE\xdf\xa3", "WebM", "recording"],
  [0, "\x1f\x8b", "gzip", "archive"],
  [0, "BZh", "bzip2", "archive"],
  [0, "7z\xbc\xaf\x27\x1c", "7-Zip", "archive"],
  [0, "Rar!", "RAR", "archive"],
  [0, "\xfd7zXZ", "xz", "archive"],
  [0, "\x28\xb5\x2f\xfd", "Zstandard", "archive"],
  [257, "ustar", "tar", "archive"],
  [0, "\x7fELF", "ELF", "program"],
  [0, "MZ", "Windows", "program"],
  [0, "\xca\xfe\xba\xbe", "Java", "program"],
  [0, "\xcf\xfa\xed\xfe", "macOS", "program"],
  [0, "\0asm", "WebAssembly", "program"],
  [0, "SQLite format 3", "SQLite", "store"],
  [0, "PAR1", "Parquet", "store"],
  [0, "wOF2", "WOFF2", "font"],
  [0, "OTTO", "OpenType", "font"],
  [0, "{\\rtf", "RTF", "office"],
];

const NOUNS: Readonly<Record<Family, Phrase>> = {
  image: { en: "a picture", "zh-TW": "圖片" },
  recording: { en: "a recording", "zh-TW": "影音檔" },
  archive: { en: "an archive", "zh-TW": "壓縮檔" },
  program: { en: "a program", "zh-TW": "程式檔" },
  store: { en: "a database", "zh-TW": "資料庫檔" },
  font: { en: "a font", "zh-TW": "字型檔" },
  office: { en: "an office document", "zh-TW": "文書檔" },
};

/** What to say of a file that begins so, where its beginning is a known one. `isText`: its bytes are text all the same ("BM" begins words too). */
export function recognise(start: Uint8Array, isText: boolean): Phrase | undefined {
  const known = SIGNATURES.find(([at, mark]) =>
    mark.split("").every((unit, i) => start[at + i] === unit.charCodeAt(0)),
  );
  if (!known || (isText && known[3] !== "office")) return undefined;
  return refuse(known[2], known[3]);
}

function refuse(kind: string, family: Family): Phrase {
  const noun = NOUNS[family];
  const mend = MENDS[family];
  return {
    en: `Whatever its name says, this is ${noun.en} (${kind}). ${mend.en}`,
    "zh-TW": `不論檔名為何，這其實是${noun["zh-TW"]}（${kind}）。${mend["zh-TW"]}`,
  };
}
