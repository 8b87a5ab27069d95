// East Asian PDFs may name their fonts' encodings instead of embedding them. The tables behind those names are drawn here from
// the charsets that the runtime already knows, so that no package of tables is needed to read, say, a Big5 PDF.
//
// A table runs from character codes to glyph numbers (CID) and another from those to Unicode. As nothing is drawn on a screen,
// the numbers may be any, as long as both tables agree: they count down from 65,535, away from the numbers that fonts use.
// Names and ranges: ISO 32000-1, 9.7.5.2; Adobe Technical Notes 5078, 5079, 5080 and 5093.

type Span = readonly [low: number, high: number];
interface Encoding {
  /** A WHATWG label. */
  charset: string;
  leads: readonly Span[];
  trails: readonly Span[];
  /** What is taken off each byte of a code: 0x80 for the seven-bit forms of EUC. */
  shift?: number;
}

const BIG5: Encoding = { charset: "big5", leads: [[0x81, 0xfe]], trails: [[0x40, 0x7e], [0xa1, 0xfe]] }; // prettier-ignore
const GBK: Encoding = {
  charset: "gbk",
  leads: [[0x81, 0xfe]],
  trails: [
    [0x40, 0x7e],
    [0x80, 0xfe],
  ],
};
const SHIFT_JIS: Encoding = {
  charset: "shift_jis",
  leads: [
    [0x81, 0x9f],
    [0xe0, 0xfc],
  ],
  trails: [
    [0x40, 0x7e],
    [0x80, 0xfc],
  ],
};
const EUC_JP: Encoding = { charset: "euc-jp", leads: [[0xa1, 0xfe]], trails: [[0xa1, 0xfe]] };
const UHC: Encoding = { charset: "euc-kr", leads: [[0x81, 0xfe]], trails: [[0x41, 0xfe]] };
const seven = (encoding: Encoding): Encoding => ({ ...encoding, leads: [[0xa1, 0xfe]], shift: 0x80 });

/** The encoding that a collection's numbers are drawn from. */
const COLLECTIONS: Readonly<Record<string, Encoding>> = { CNS1: BIG5, GB1: GBK, Japan1: SHIFT_JIS, Korea1: UHC };

/** Predefined names less their "-H" or "-V": the collection, the bytes (Unicode where none), the number of the first ASCII glyph. */
const NAMES: readonly [name: RegExp, collection: string, encoding: Encoding | undefined, ascii: number][] = [
  [/^UniCNS-(UCS2|UTF16)$/, "CNS1", undefined, 1],
  [/^UniGB-(UCS2|UTF16)$/, "GB1", undefined, 1],
  [/^UniJIS2?(2004)?-(UCS2(-HW)?|UTF16)$/, "Japan1", undefined, 1],
  [/^UniKS-(UCS2|UTF16)$/, "Korea1", undefined, 1],
  [/^(ETenms-B5|B5pc|HKscs-B5)$/, "CNS1", BIG5, 1],
  [/^ETen-B5$/, "CNS1", BIG5, 13648],
  [/^(GBpc-EUC|GBKp-EUC|GBK2K)$/, "GB1", GBK, 1],
  [/^(GB-EUC|GBK-EUC)$/, "GB1", GBK, 814],
  [/^(83pv|90pv|90msp)-RKSJ$/, "Japan1", SHIFT_JIS, 1],
  [/^(90ms|Add|Ext)-RKSJ$/, "Japan1", SHIFT_JIS, 231],
  [/^EUC$/, "Japan1", EUC_JP, 231],
  [/^$/, "Japan1", seven(EUC_JP), 231],
  [/^(KSC-EUC|KSCms-UHC|KSCpc-EUC)$/, "Korea1", UHC, 1],
  [/^KSCms-UHC-HW$/, "Korea1", UHC, 8094],
];
/** Where each collection's runs of ASCII begin: proportional, then half as wide as a Han character. */
const ASCII: Readonly<Record<string, readonly number[]>> = {
  CNS1: [1, 13648],
  GB1: [1, 814],
  Japan1: [1, 231],
  Korea1: [1, 8094],
};
const ASCII_GLYPHS = 95;
const LAST_NUMBER = 0xffff;

/** A table in the form of Adobe Technical Note 5014; undefined for a name that is not covered. */
export function drawCMap(name: string): Uint8Array | undefined {
  const ordering = /^Adobe-(\w+)-UCS2$/.exec(name)?.[1];
  if (ordering) return COLLECTIONS[ordering] && write(toUnicode(ordering));
  const [, stem, direction] = /^(?:(.*)-)?([HV])$/.exec(name) ?? [];
  const known = NAMES.find(([pattern]) => direction && pattern.test(stem ?? ""));
  if (!known) return undefined;
  const [, collection, encoding, ascii] = known;
  const lines = encoding ? fromCharset(collection, encoding, ascii) : fromUnicode(collection, ascii);
  return write([...lines, `/WMode ${direction === "V" ? 1 : 0} def`]);
}

function write(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(["begincmap", ...lines, "endcmap", ""].join("\n"));
}

/** The number of each character of a collection. */
function numbersOf(collection: string): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const [, character] of charactersOf(COLLECTIONS[collection]!)) {
    if (!numbers.has(character)) numbers.set(character, LAST_NUMBER - numbers.size);
  }
  if (collection === "Japan1") for (const [, kana] of halfWidthKana()) numbers.set(kana, LAST_NUMBER - numbers.size);
  return numbers;
}

/** Every two-byte code that stands for a character, in order. */
function* charactersOf({ charset, leads, trails, shift = 0 }: Encoding): Generator<[code: number, character: string]> {
  const decoder = new TextDecoder(charset);
  for (const lead of within(leads)) {
    for (const trail of within(trails)) {
      const character = decoder.decode(Uint8Array.of(lead, trail));
      // A code that stands for nothing decodes to the replacement character, alone or before its second byte.
      if (!character.startsWith("\ufffd")) yield [((lead - shift) << 8) | (trail - shift), character];
    }
  }
}

function* halfWidthKana(): Generator<[code: number, character: string]> {
  for (let code = 0xa1; code <= 0xdf; code += 1) yield [code, String.fromCodePoint(0xff61 + code - 0xa1)];
}

function* within(spans: readonly Span[]): Generator<number> {
  for (const [low, high] of spans) for (let byte = low; byte <= high; byte += 1) yield byte;
}

function toUnicode(collection: string): string[] {
  const ascii = ASCII[collection]!.map((first) => `<${hex(first)}> <${hex(first + ASCII_GLYPHS - 1)}> <0020>`);
  const characters = [...numbersOf(collection)].map(([character, number]) => `<${hex(number)}> <${utf16(character)}>`);
  return [
    ...section("codespacerange", ["<0000> <FFFF>"]),
    // The numbers that fonts use themselves are not known here: better no text than a wrong one.
    ...section("bfrange", [
      `<0001> <${hex(LAST_NUMBER - characters.length)}> [${"<FFFD>".repeat(LAST_NUMBER - characters.length)}]`,
    ]),
    ...section("bfrange", ascii),
    ...section("bfchar", characters),
  ];
}

function fromCharset(collection: string, encoding: Encoding, ascii: number): string[] {
  const numbers = numbersOf(collection);
  const shift = encoding.shift ?? 0;
  const bytes = (lead: number, trail: number) => hex(((lead - shift) << 8) | (trail - shift));
  const lowest = encoding.trails[0]![0];
  const spaces = encoding.leads.map(([low, high]) => `<${bytes(low, lowest)}> <${bytes(high, 0xfe)}>`);
  const isKana = collection === "Japan1" && encoding.charset === "shift_jis";
  const singles = shift > 0 ? [] : [`<00> <80>`, ...(isKana ? ["<A0> <DF>"] : [])];
  const kana = isKana ? [...halfWidthKana()].map(([code, one]) => `<${hex(code, 2)}> ${numbers.get(one)}`) : [];
  const pairs = [...charactersOf(encoding)].flatMap(([code, one]) => mapped(hex(code), numbers.get(one)));
  return [
    ...section("codespacerange", [...singles, ...spaces]),
    ...(shift > 0 ? [] : section("cidrange", [`<20> <7E> ${ascii}`])),
    ...section("cidchar", [...kana, ...pairs]),
  ];
}

function fromUnicode(collection: string, ascii: number): string[] {
  const pairs = [...numbersOf(collection)].flatMap(([one, number]) => mapped(utf16(one), number));
  return [
    ...section("codespacerange", ["<0000> <D7FF>", "<D800DC00> <DBFFDFFF>", "<E000> <FFFF>"]),
    ...section("cidrange", [`<0020> <007E> ${ascii}`]),
    ...section("cidchar", pairs),
  ];
}

function mapped(code: string, number: number | undefined): string[] {
  return number === undefined ? [] : [`<${code}> ${number}`];
}

function section(name: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${lines.length} begin${name}`, ...lines, `end${name}`];
}

function hex(number: number, digits = 4): string {
  return number.toString(16).toUpperCase().padStart(digits, "0");
}

function utf16(character: string): string {
  return [...Array(character.length).keys()].map((i) => hex(character.charCodeAt(i))).join("");
}
