// The formats that Heed reads, and which of them a file is in. A new format is one file and one line here.

import { BotError } from "../../core/errors.ts";
import type { Format } from "../../core/knowledge.ts";
import type { Phrase } from "../../core/language.ts";
import { csv } from "./csv.ts";
import { checkSize, type FormatDefinition } from "./define-format.ts";
import { docx } from "./docx.ts";
import { epub } from "./epub.ts";
import { html } from "./html.ts";
import { mail } from "./mail.ts";
import { markdown } from "./markdown.ts";
import { notebook } from "./notebook.ts";
import { pdf } from "./pdf.ts";
import { pptx } from "./pptx.ts";
import { kindOf, namesOf } from "./sniff.ts";
import { subtitles } from "./subtitles.ts";
import { text } from "./text.ts";
import { xlsx } from "./xlsx.ts";
import { xml } from "./xml.ts";

export const formats: readonly (Format & FormatDefinition)[] = [
  markdown,
  text,
  html,
  csv,
  pdf,
  docx,
  xlsx,
  pptx,
  epub,
  mail,
  notebook,
  subtitles,
  xml,
];

/**
 * The format that a file's bytes are in. Its name and media type only decide between kinds of text.
 * Throws BotError "unreadable" or "too-large" with what the file is instead and what would help.
 */
export function formatFor(name: string, mediaType: string | undefined, bytes: Uint8Array): Format {
  checkSize(bytes);
  const kind = kindOf(bytes, formats);
  if ("refused" in kind) throw new BotError("unreadable", kind.refused);
  return formats.find((format) => format === kind.format) ?? byName(name) ?? byMediaType(mediaType) ?? text;
}

/** The formats whose bytes are text, by which a name or media type is believed. */
const written = formats.filter(({ signature }) => !signature || "opening" in signature);

function byName(name: string): Format | undefined {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return written.find(({ extensions }) => extensions.includes(extension));
}

function byMediaType(mediaType = ""): Format | undefined {
  return written.find(({ mediaTypes }) => mediaTypes.includes(essenceOf(mediaType)));
}

/** "text/html" of "Text/HTML; charset=utf-8". */
export function essenceOf(mediaType: string): string {
  return mediaType.split(";")[0]!.trim().toLowerCase();
}

/** What Heed reads, as a sentence names it. */
export const namesOfFormats = (): Phrase => namesOf(formats);
