// Notebooks: notes, code and what it printed, and no picture's bytes.

import { expect, test } from "@jest/globals";
import { formatFor } from "../../../src/knowledge/formats/index.ts";
import { notebook } from "../../../src/knowledge/formats/notebook.ts";
import { contextOf, expectOffsets, holdFormat } from "../../contracts/format.ts";
import { utf8 } from "./documents.ts";

const note = (...source: string[]) => ({ cell_type: "markdown", source });
const code = (source: string, outputs: readonly object[] = []) => ({ cell_type: "code", source, outputs });
const PICTURE = { output_type: "display_data", data: { "image/png": "iVBORw0KGgo".repeat(100) } };
const make = (cells: readonly unknown[], more: object = {}) => utf8(JSON.stringify({ cells, metadata: {}, ...more }));
const read = (cells: readonly unknown[], more?: object) => notebook.read(make(cells, more), contextOf());

holdFormat(notebook, () => ({
  chinese: {
    bytes: make([note("# 冷卻塔\n", "每 17 天排水一次。"), code("print(1)")]),
    words: ["每 17 天排水一次。"],
    headings: ["冷卻塔"],
  },
  extras: [],
  damaged: {
    "a cell": {
      bytes: make([{ cell_type: 5 }, note("Words.")]),
      words: "Words.",
      warning: /1 cell is damaged and was left out \(1\)/,
    },
  },
  refused: {
    "no JSON": { bytes: utf8('{"cells": ['), reason: /no JSON: This file is damaged or not really notebook/ },
    pictures: { bytes: make([code("", [PICTURE])]), reason: /no text in this notebook/ },
    "all damaged": { bytes: make([{}]), reason: /cells of this notebook are damaged/ },
  },
}));

test("reads code in fences that nothing in it ends, what it printed, and no picture", async () => {
  const outputs = [
    { output_type: "stream", text: ["flow 42 l/s\n", "done\n"] },
    { output_type: "execute_result", data: { "text/plain": "<Figure>", "image/png": "iVBORw0" } },
    PICTURE,
    { output_type: "error", traceback: 5 },
  ];
  const more = { metadata: { language_info: { name: "python" } } };
  const { text, warnings } = await read(
    [code('s = """\n```\n"""', outputs), { cell_type: "raw", source: "Raw." }],
    more,
  );
  expect(text).toBe('````python\ns = """\n```\n"""\n````\n\n```\nflow 42 l/s\ndone\n\n<Figure>\n```\n\nRaw.');
  expect(warnings.map(({ en }) => en)).toEqual(["2 pictures were not read."]);
});

test("reads an older notebook's sheets, and clips what runs on", async () => {
  const cells = [note("## Log"), { cell_type: "code", input: ["run()"], outputs: [{ text: "tick ".repeat(5000) }] }];
  const reading = await notebook.read(utf8(JSON.stringify({ worksheets: [{ cells }], nbformat: 3 })), contextOf());
  expect(reading.headings).toEqual([{ level: 2, text: "Log", start: 0 }]);
  expect(reading.text.length).toBeLessThan(2200);
  expectOffsets(reading);
});

test("is known by its beginning", () => {
  expect(formatFor("a.json", undefined, make([note("x")])).name).toBe("notebook");
  expect(formatFor("a.json", undefined, utf8('{"cell": 1}')).name).toBe("text");
});
