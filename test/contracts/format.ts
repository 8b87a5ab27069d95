// What holds for every format, whatever it reads. A new format is run through this with samples of its own.

import { describe, expect, test } from "@jest/globals";
import { assert, asyncProperty, nat, tuple, uint8Array } from "fast-check";
import { BotError } from "../../src/core/errors.ts";
import type { Format, ReadContext, Reading } from "../../src/core/knowledge.ts";
import type { Fields } from "../../src/core/runtime.ts";
import { defineFormat, type FormatDefinition, type Reader } from "../../src/knowledge/formats/define-format.ts";

export interface Samples {
  /** A document with Chinese text, the words that must be read from it, and its headings where the format has any. */
  chinese: { bytes: Uint8Array; words: readonly string[]; headings: readonly string[] };
  /** Files that are refused: what each is, and what its reason says in English. */
  refused: Readonly<Record<string, { bytes: Uint8Array; reason: RegExp }>>;
  /** What only adorns the text, by the names under which it is logged; the contract breaks each. */
  extras: readonly string[];
  /** Files of which something beside the text is broken: what it is, the words still read, and what the warning says in English. */
  damaged?: Readonly<Record<string, { bytes: Uint8Array; words: string; warning: RegExp }>>;
}

/** What a reading logged: the event with its fields. */
export type Logged = readonly [event: string, fields: Fields | undefined];

export function contextOf(signal = new AbortController().signal, logged: Logged[] = []): ReadContext {
  const write = (event: string, fields?: Fields) => void logged.push([event, fields]);
  return { name: "file", signal, log: { debug: write, info: write, warn: write, error: write } };
}

export function holdFormat(format: Format & FormatDefinition, make: () => Promise<Samples> | Samples): void {
  describe(`as every format, ${format.name}`, () => {
    test("reads Chinese, and its offsets point at what they say", async () => {
      const { chinese } = await make();
      const reading = await format.read(chinese.bytes, contextOf());
      for (const words of chinese.words) expect(reading.text).toContain(words);
      expect(reading.headings.map(({ text }) => text)).toEqual(chinese.headings);
      expectOffsets(reading);
      expect(reading.warnings).toEqual([]);
    });

    test("gives the same reading again and leaves the bytes as they were", async () => {
      const { bytes } = (await make()).chinese;
      const before = Uint8Array.from(bytes);
      const first = await format.read(bytes, contextOf());
      expect(bytes).toEqual(before);
      expect(await format.read(bytes, contextOf())).toEqual(first);
    });

    test("reads a Buffer alike, as files and pages come", async () => {
      const { bytes } = (await make()).chinese;
      // Off the start of its memory, as small files are read.
      const buffer = Buffer.concat([Buffer.from("before"), bytes, Buffer.from("after")]).subarray(6, 6 + bytes.length);
      expect(await format.read(buffer, contextOf())).toEqual(await format.read(bytes, contextOf()));
      expect(buffer.equals(bytes)).toBe(true);
    });

    test("refuses what holds no text, in both languages", async () => {
      const blank = new TextEncoder().encode(" \r\n\t\n");
      for (const bytes of [new Uint8Array(), blank]) {
        const error = await failure(format, bytes);
        expect(error).toMatchObject({ code: "unreadable" });
        expect(error.phrase.en).toMatch(/no text/);
        expect(error.phrase["zh-TW"]).toMatch(/沒有文字/);
      }
    });

    test("refuses a file over the limit by its size alone", async () => {
      const error = await failure(format, new Uint8Array(60 * 1024 * 1024));
      expect(error.code).toBe("too-large");
      expect(error.phrase.en).toMatch(/60 MB.*25 MB/);
      expect(error.phrase["zh-TW"]).toMatch(/60 MB.*25 MB/);
    });

    test("says why it refuses", async () => {
      for (const [what, { bytes, reason }] of Object.entries((await make()).refused)) {
        const error = await failure(format, bytes);
        expect(`${what}: ${error.phrase.en}`).toMatch(reason);
        expect(error.phrase["zh-TW"]).toMatch(/\p{Script=Han}.*。$/u);
      }
    });

    test("keeps the text whichever extra fails", async () => {
      const { chinese, extras } = await make();
      const seen: string[] = [];
      await format.parse(chinese.bytes, breaking("nothing", seen));
      expect(new Set(seen)).toEqual(new Set(extras));
      for (const name of extras) {
        const { text } = await format.parse(chinese.bytes, breaking(name));
        for (const words of chinese.words) expect(text).toContain(words);
      }
    });

    test("keeps the text of a file that is damaged beside it, and says and logs what is missing", async () => {
      for (const [what, { bytes, words, warning }] of Object.entries((await make()).damaged ?? {})) {
        const logged: Logged[] = [];
        const { text, warnings } = await format.read(bytes, contextOf(undefined, logged));
        expect(text).toContain(words);
        expect(`${what}: ${warnings.map(({ en }) => en).join(" ")}`).toMatch(warning);
        for (const phrase of warnings) expect(phrase["zh-TW"]).toMatch(/\p{Script=Han}.*。$/u);
        const fields = { name: "file", format: format.name, part: expect.any(String), error: expect.anything() };
        expect(logged).toContainEqual(["a part of a document could not be read", fields]);
      }
    });

    test("logs an error that nobody foresaw with its cause, and tells the person a sentence", async () => {
      const cause = new TypeError("nobody foresaw this");
      const broken = defineFormat({ ...format, parse: () => Promise.reject(cause) });
      const logged: Logged[] = [];
      const { bytes } = (await make()).chinese;
      const refusal = broken.read(bytes, contextOf(undefined, logged));
      await expect(refusal).rejects.toMatchObject({ name: "BotError", code: "unreadable", cause });
      const fields = { name: "file", format: format.name, error: cause };
      expect(logged).toEqual([["a document could not be read", fields]]);
    });

    test("throws nothing but BotErrors at bytes of any kind", async () => {
      const { chinese } = await make();
      await assert(
        asyncProperty(uint8Array({ maxLength: 400 }), (bytes) => readsOrRefuses(format, bytes)),
        { numRuns: 60 },
      );
      const damage = tuple(nat(chinese.bytes.length - 1), uint8Array({ minLength: 1, maxLength: 30 }));
      await assert(
        asyncProperty(damage, ([at, bytes]) => readsOrRefuses(format, overwritten(chinese.bytes, at, bytes))),
        { numRuns: 20 },
      );
    });

    test("stops where it is told to", async () => {
      const { bytes } = (await make()).chinese;
      const reason = new BotError("stopped", { en: "Stopped.", "zh-TW": "已停止。" });
      await expect(format.read(bytes, contextOf(AbortSignal.abort(reason)))).rejects.toBe(reason);
      const stopping = new AbortController();
      const reading = format.read(bytes, contextOf(stopping.signal));
      stopping.abort(reason);
      await expect(reading).rejects.toBe(reason);
    });
  });
}

/** A reader in which the extra of one name fails as a defect would; `seen` gathers the names of all. */
function breaking(broken: string, seen: string[] = []): Reader {
  return {
    signal: new AbortController().signal,
    extra: async ({ name }, work, without) => {
      seen.push(name);
      return name === broken ? without : work();
    },
    piece: async (_, work) => work(),
  };
}

export async function failure(format: Format, bytes: Uint8Array): Promise<BotError> {
  const outcome: unknown = await format.read(bytes, contextOf()).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(BotError);
  return outcome as BotError;
}

/** Headings and pages run forward through the text, and each heading stands where its offset says. */
export function expectOffsets({ text, headings, pages }: Reading): void {
  for (const heading of headings) {
    const [first = "", second = ""] = text.slice(heading.start).split("\n");
    expect(squeeze(first + second)).toContain(squeeze(heading.text));
    expect(heading.start === 0 || /[\s]/.test(text[heading.start - 1]!)).toBe(true);
  }
  expect(starts(headings)).toEqual(starts(headings).toSorted((a, b) => a - b));
  expect(starts(pages)).toEqual(starts(pages).toSorted((a, b) => a - b));
  expect(pages.map(({ number }) => number)).toEqual(pages.map((_, i) => i + 1));
}

function starts(list: readonly { start: number }[]): number[] {
  return list.map(({ start }) => start);
}

function squeeze(text: string): string {
  return text.replace(/[\s`*_#\\]/g, "");
}

async function readsOrRefuses(format: Format, bytes: Uint8Array): Promise<void> {
  try {
    expectOffsets(await format.read(bytes, contextOf()));
  } catch (error) {
    if (!(error instanceof BotError)) throw error;
    expect(error.phrase["zh-TW"]).not.toBe("");
  }
}

function overwritten(bytes: Uint8Array, at: number, by: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(by.subarray(0, copy.length - at), at);
  return copy;
}
