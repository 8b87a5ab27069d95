// The thread that paints: it loads the renderer and the slices of the font that a picture needs, and keeps them.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { z } from "zod";
import { answerLetters } from "../answering.ts";
import { readCoverage } from "./coverage.ts";
import { drawHeatmap, FONT_FAMILY, type Heatmap } from "./heatmap.ts";

const FONT = "@fontsource-variable/noto-sans-tc";
/** Stands in for a character that the font lacks, so that its place in the word is seen. */
const MISSING = "□";
/** Every picture holds digits and Latin letters. */
const ALWAYS = "latin";

interface Slice {
  bytes: Uint8Array;
  characters: ReadonlySet<number>;
}

const require = createRequire(import.meta.url);
const fontFolder = dirname(require.resolve(`${FONT}/package.json`));
const renderer = readFile(fileURLToPath(import.meta.resolve("@resvg/resvg-wasm/index_bg.wasm"))).then((bytes) =>
  initWasm(bytes),
);
const ranges = readFile(join(fontFolder, "unicode.json"), "utf8").then(parseRanges);
const slices = new Map<string, Promise<Slice>>();
for (const loading of [renderer, ranges]) loading.catch(() => undefined);

answerLetters(async (heatmap: Heatmap): Promise<Uint8Array> => {
  await renderer;
  const text = [heatmap.title, MISSING, ...heatmap.labels].join("");
  const loaded = await Promise.all(await namesFor(text).then((names) => names.map(loadSlice)));
  const has = (character: number) => loaded.some(({ characters }) => characters.has(character));
  const svg = drawHeatmap(heatmap, (label) => spell(label, has));
  const font = { fontBuffers: loaded.map(({ bytes }) => bytes), defaultFontFamily: FONT_FAMILY };
  const image = new Resvg(svg, { font }).render();
  const png = image.asPng().slice();
  image.free();
  return png;
});

function spell(label: string, has: (character: number) => boolean): string {
  return Array.from(label.normalize("NFC"), (character) => (has(character.codePointAt(0)!) ? character : MISSING)).join(
    "",
  );
}

/** The slices whose range holds one of the text's characters. */
async function namesFor(text: string): Promise<string[]> {
  const wanted = new Set(Array.from(text, (character) => character.codePointAt(0)!));
  const names = (await ranges).filter(({ spans }) =>
    spans.some(([first, last]) => [...wanted].some((character) => character >= first && character <= last)),
  );
  return [...new Set([ALWAYS, ...names.map(({ name }) => name)])];
}

function loadSlice(name: string): Promise<Slice> {
  const loading =
    slices.get(name) ??
    readFile(join(fontFolder, "files", `${basename(FONT)}-${name}-wght-normal.woff2`)).then((file) => {
      const bytes = new Uint8Array(file);
      return { bytes, characters: readCoverage(bytes) };
    });
  slices.set(name, loading);
  return loading;
}

/** From { "[0]": "U+3401,U+3441-3450" } to the numbers between which a slice's characters lie. */
function parseRanges(text: string): { name: string; spans: [number, number][] }[] {
  const file = z.record(z.string(), z.string()).parse(JSON.parse(text));
  return Object.entries(file).map(([key, listed]) => ({
    name: key.replaceAll(/[[\]]/g, ""),
    spans: listed.split(",").map((span): [number, number] => {
      const [first, last = first] = span.trim().replace("U+", "").split("-");
      return [parseInt(first!, 16), parseInt(last!, 16)];
    }),
  }));
}
