// The formats that Heed reads, and which of them a file is in. A new format is one file and one entry here.

import { BotError } from "../../core/errors.ts";
import type { Format } from "../../core/knowledge.ts";
import { csv } from "./csv.ts";
import { checkSize } from "./define-format.ts";
import { docx } from "./docx.ts";
import { html } from "./html.ts";
import { markdown } from "./markdown.ts";
import { pdf } from "./pdf.ts";
import { pptx } from "./pptx.ts";
import { kindOf } from "./sniff.ts";
import { text } from "./text.ts";
import { xlsx } from "./xlsx.ts";

export const formats: readonly Format[] = [markdown, text, html, csv, pdf, docx, xlsx, pptx];

const BINARY: Readonly<Record<string, Format>> = { pdf, docx, xlsx, pptx };
/** The formats whose bytes are text, by which a name or media type is believed. */
const WRITTEN: readonly Format[] = [markdown, html, csv];

/**
 * The format that a file's bytes are in. Its name and media type only decide between kinds of text.
 * Throws BotError "unreadable" or "too-large" with what the file is instead and what would help.
 */
export function formatFor(name: string, mediaType: string | undefined, bytes: Uint8Array): Format {
  checkSize(bytes);
  const kind = kindOf(bytes);
  if ("refused" in kind) throw new BotError("unreadable", kind.refused);
  if (kind.readable === "html") return html;
  return BINARY[kind.readable] ?? byName(name) ?? byMediaType(mediaType) ?? text;
}

function byName(name: string): Format | undefined {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return WRITTEN.find(({ extensions }) => extensions.includes(extension));
}

function byMediaType(mediaType = ""): Format | undefined {
  const essence = mediaType.split(";")[0]!.trim().toLowerCase();
  return WRITTEN.find(({ mediaTypes }) => mediaTypes.includes(essence));
}
