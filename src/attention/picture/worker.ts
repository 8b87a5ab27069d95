// Paints in a thread: loads the renderer and the slices of the font that a picture needs.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { z } from "zod";
import { serveRequests } from "../../core/worker-rpc.ts";
import { readCoverage } from "./coverage.ts";

const FONT_FAMILY = "Noto Sans TC";
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

serveRequests(async (svg: string): Promise<Uint8Array> => {
  await renderer;
  const text = svg.normalize("NFC");
  const loaded = await Promise.all(await namesFor(text + MISSING).then((names) => names.map(loadSlice)));
  const font = { fontBuffers: loaded.map(({ bytes }) => bytes), defaultFontFamily: FONT_FAMILY };
  const image = new Resvg(spell(text, loaded), { font }).render();
  const png = image.asPng().slice();
  image.free();
  return png;
});

/** Markup is ASCII, so what the font lacks can only stand in a label. */
function spell(svg: string, slices: readonly Slice[]): string {
  return svg.replace(/[\u{80}-\u{10FFFF}]/gu, (character) => {
    const code = character.codePointAt(0)!;
    return slices.some(({ characters }) => characters.has(code)) ? character : MISSING;
  });
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
