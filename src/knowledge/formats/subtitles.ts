// Subtitles of a film or a talk: what is said, without numbers and times. Formats: SubRip, WebVTT.

import { decodeText } from "./charset.ts";
import { defineFormat, noText } from "./define-format.ts";

/** However a program wrote the two times, what follows is said. */
const TIMES = /^\s*\d[\d:.,]{0,40}\s{0,20}-->/;
const OPENING = /^\s*(?:WEBVTT\b|\d+[ \t]*\r?\n(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3} +-->)/;
/** A block of WebVTT that is no speech. */
const ASIDE = /^(?:WEBVTT|NOTE|STYLE|REGION)\b/;
const TAGS = /<[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}/g;
const ENDS = /[.!?…。！？」』”"]$/;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，、：；]$/u;

export const subtitles = defineFormat({
  name: "subtitles",
  extensions: ["srt", "vtt"],
  mediaTypes: ["application/x-subrip", "text/vtt"],
  label: { en: "subtitles", "zh-TW": "字幕" },
  signature: { opening: OPENING },
  async parse(bytes) {
    const cues = cuesOf(await decodeText(bytes));
    if (cues.length === 0) throw noText({ en: "in these subtitles", "zh-TW": "這份字幕裡" });
    return { text: joinCues(cues), headings: [], pages: [], warnings: [] };
  },
});

/** Blocks are set apart by empty lines, which may hold blanks. */
function cuesOf(text: string): string[] {
  const blocks: string[][] = [[]];
  for (const line of text.split("\n")) {
    if (line.trim() === "") blocks.push([]);
    else blocks.at(-1)!.push(line);
  }
  return blocks.map(wordsOf).filter(Boolean);
}

/** What a block says; nothing where it has no times. */
function wordsOf(lines: readonly string[]): string {
  const at = lines.findIndex((line) => TIMES.test(line));
  if (at < 0 || ASIDE.test(lines[0]!)) return "";
  const said = lines.slice(at + 1).map((line) => line.replace(TAGS, "").trim());
  return said.filter(Boolean).reduce((before, line) => before + jointAfter(before) + line, "");
}

/** A sentence goes on from one cue to the next; after its end a new line begins. A cue that only repeats is left out. */
function joinCues(cues: readonly string[]): string {
  const parts: string[] = [];
  for (const [i, cue] of cues.entries()) {
    const before = cues[i - 1] ?? "";
    if (cue !== before) parts.push(ENDS.test(before) ? "\n" : jointAfter(before), cue);
  }
  return parts.join("");
}

function jointAfter(words: string): string {
  return words === "" || UNSPACED.test(words) ? "" : " ";
}
