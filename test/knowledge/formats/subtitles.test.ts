// Subtitles: what is said, as sentences.

import { expect, test } from "@jest/globals";
import { formatFor } from "../../../src/knowledge/formats/index.ts";
import { subtitles } from "../../../src/knowledge/formats/subtitles.ts";
import { contextOf, holdFormat } from "../../contracts/format.ts";
import { utf8 } from "./documents.ts";

const read = async (text: string) => (await subtitles.read(utf8(text), contextOf())).text;
const SRT = "1\n00:00:01,000 --> 00:00:03,500\n今天要說的是\n\n2\n00:00:03,500 --> 00:00:05,000\n多頭注意力。\n";

holdFormat(subtitles, () => ({
  chinese: { bytes: utf8(SRT), words: ["今天要說的是多頭注意力。"], headings: [] },
  extras: [],
  refused: {
    "only times": { bytes: utf8("WEBVTT\n\n00:01.000 --> 00:02.000\n"), reason: /no text in these subtitles/ },
  },
}));

test("SubRip, with marks, line breaks and cues that repeat", async () => {
  const srt =
    "\ufeff1\r\n00:00:01,000 --> 00:00:03,500\r\n<i>We look at</i>\r\n{\\an8}attention.\r\n \r\n2\r\n00:00:04,000 --> 00:00:05,000\r\nIt has heads.\r\n\r\n3\r\n00:00:05,000 --> 00:00:06,000\r\nIt has heads.\r\n";
  expect(await read(srt)).toBe("We look at attention.\nIt has heads.");
});

test("WebVTT, without its notes, styles and settings", async () => {
  const vtt =
    "WEBVTT - Talk\nKind: captions\n\nNOTE a remark\n00:00 --> x\n\nSTYLE\n::cue {}\n\nintro\n00:01.000 --> 00:02.000 line:0\n<v Anna>Hello <00:01.500><c>there</c>\n\n00:02.000 --> 00:03.000\n- friends\n";
  expect(await read(vtt)).toBe("Hello there - friends");
});

test.each([
  "00:00 --> 00:01",
  "00:00:01 --> 00:00:04",
  "00:00:01:12 --> 00:00:04:02",
  "99:99:99.999 --> bogus align:start",
])("the words stay where the times are odd: %s", async (times) => {
  expect(await read(`WEBVTT\n\n1\n${times}\nHello there.\n\n${times}\nA --> B\n`)).toBe("Hello there.\nA --> B");
});

test("is known by its beginning", () => {
  expect(formatFor("a.txt", undefined, utf8(SRT)).name).toBe("subtitles");
  expect(formatFor("a.txt", undefined, utf8("1\nThe first of two")).name).toBe("text");
});
