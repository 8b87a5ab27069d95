// Files read apart: as they would be read here, and what one of them does harms neither the next nor who waits.

import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { BotError } from "../../src/core/errors.ts";
import type { Upload } from "../../src/core/knowledge.ts";
import { formatFor } from "../../src/knowledge/formats/index.ts";
import { createRead, LIMITS } from "../../src/knowledge/ingest/ingest.ts";
import { createIsolatedReader, type IsolatedReader, type ReaderLimits } from "../../src/knowledge/reader/isolated.ts";
import { makePdf, utf8 } from "./formats/documents.ts";
import { makeXlsx, textRow } from "./formats/office.ts";

const FONT = "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";
const NOTES = "# Notes\n\nThe office opens at eight.\n\n## 請假\n\n請假要事先申請。";
const ignore = (): void => undefined;
const { signal } = new AbortController();

/** A reader whose clock the test moves: `ring` ends the wait of `ms` that began last. */
function open(limits: Partial<ReaderLimits> = {}) {
  const logged: [event: string, fields: unknown][] = [];
  const warn = (event: string, fields: unknown) => void logged.push([event, fields]);
  const log = { debug: ignore, info: ignore, warn, error: ignore };
  const rings = new Map<number, () => void>();
  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      rings.set(ms, resolve);
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  reader = createIsolatedReader({ sleep, log }, { processes: 1, limitMs: 7000, ...limits });
  const { read } = reader;
  return { read: (file: Upload, until = signal) => read(file, LIMITS, until), logged, ring: () => rings.get(7000)!() };
}

let reader: IsolatedReader;
afterEach(() => reader.close());

const upload = (name: string, bytes: Uint8Array | string): Upload => ({
  name,
  bytes: typeof bytes === "string" ? utf8(bytes) : bytes,
  origin: name,
});
const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => Promise.reject(new Error("it was read")),
    (error: unknown) => error as BotError,
  );
/** One page that shows two words again and again, which takes seconds. */
const SLOW = upload(
  "slow.pdf",
  makePdf([{ content: `BT /F1 12 Tf 50 700 Td ${"(Hello world) Tj ".repeat(600_000)}ET`, resources: FONT }]),
);

test("a file is read as it would be here, with its warnings", async () => {
  const { read, logged } = open();
  const files = [
    upload("notes.md", NOTES),
    upload(
      "two.pdf",
      makePdf([{ content: "BT /F1 12 Tf 72 700 Td (Hello world) Tj ET", resources: FONT }, { content: "" }]),
    ),
    upload("prices.xlsx", makeXlsx([{ name: "Prices", rows: textRow("Item", "Price") + textRow("Pen", "Low") }])),
  ];
  const here = createRead(formatFor, { debug: ignore, info: ignore, warn: ignore, error: ignore });
  for (const file of files) expect(await read(file)).toEqual(await here(file, LIMITS, signal));
  expect(await read(files[1]!)).toMatchObject({
    pages: 2,
    warnings: [{ en: expect.stringMatching(/1 page holds no text/) }],
  });
  expect(logged).toEqual([]);
});

test("a refusal keeps its code and its words, and the log hears of the parts that failed", async () => {
  const { read, logged } = open();
  const refused = await refusalOf(read(upload("empty.md", " \n")));
  expect(refused).toBeInstanceOf(BotError);
  expect(refused).toMatchObject({ code: "unreadable", phrase: { "zh-TW": expect.stringMatching(/沒有文字/) } });
  const damaged = makeXlsx([{ name: "A", rows: textRow("word") }], {
    more: { "xl/worksheets/s0.xml": "<a>".repeat(2000) },
  });
  await refusalOf(read(upload("damaged.xlsx", damaged)));
  expect(logged[0]).toEqual([
    "a part of a document could not be read",
    { name: "damaged.xlsx", format: "XLSX", part: "sheet A", error: expect.stringMatching(/1000 deep/) },
  ]);
});

test("while a slow file is read others are served, and at its time it is named and the next one read", async () => {
  const { read, logged, ring } = open();
  const events: string[] = [];
  await read(upload("first.md", NOTES));
  const slow = refusalOf(read(SLOW)).finally(() => events.push("slow.pdf"));
  const next = read(upload("next.md", NOTES)).finally(() => events.push("next.md"));
  for (let turn = 0; turn < 50; turn++) await setImmediate();
  events.push("another question");
  ring();
  expect(await slow).toMatchObject({ code: "too-large", message: expect.stringMatching(/longer than 7 s/) });
  expect((await next).chunks).toHaveLength(1);
  expect(events).toEqual(["another question", "slow.pdf", "next.md"]);
  expect(logged).toEqual([
    [
      "a document ended its reader",
      { ending: ".pdf", bytes: SLOW.bytes.length, code: "too-large", error: expect.any(BotError) },
    ],
  ]);
});

test("a file that takes more memory than it may is named, is not tried again, and the next one is read", async () => {
  const { read, logged } = open({ memory: 160 * 1024 * 1024 });
  // Its text is one word, so nothing but the memory that its cells take can end it.
  const rows = textRow("word") + textRow(...Array<string>(150).fill("")).repeat(16_000);
  const many = upload("many.xlsx", makeXlsx([{ name: "A", rows }]));
  expect(await refusalOf(read(many))).toMatchObject({ code: "too-large", message: expect.stringMatching(/memory/) });
  expect((await read(upload("next.md", NOTES))).chunks).toHaveLength(1);
  expect(logged).toHaveLength(1);
});

test("whoever gives up ends the reading, and one who waits for a turn leaves the line", async () => {
  const { read, logged } = open();
  await read(upload("first.md", NOTES));
  const [reading, waiting] = [new AbortController(), new AbortController()];
  const slow = refusalOf(read(SLOW, reading.signal));
  const left = refusalOf(read(upload("left.md", NOTES), waiting.signal));
  const next = read(upload("next.md", NOTES));
  waiting.abort(new Error("left"));
  expect((await left).message).toBe("left");
  reading.abort(new Error("stopped"));
  expect((await slow).message).toBe("stopped");
  expect((await next).chunks).toHaveLength(1);
  expect(logged).toEqual([]);
});

test("whoever closes the reader in the middle does not blame the file", async () => {
  const { read } = open();
  await read(upload("first.md", NOTES));
  const slow = refusalOf(read(SLOW));
  await setImmediate();
  await reader.close();
  expect(await slow).toMatchObject({ code: "unavailable", message: expect.stringMatching(/interrupted/) });
});
