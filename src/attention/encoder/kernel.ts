// Matrix products in WebAssembly SIMD. The module is assembled here, byte by byte, because it is one loop nest and needs no toolchain.

/** The part of WebAssembly that is used here; the language's own types leave it to the browser's. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  Instance: new (module: object, imports: object) => { exports: Record<string, unknown> };
};

/** Rows of x worked on together, and columns of the product: 4 x 8 sums fill half of the sixteen vector registers. */
export const ROWS = 4;
export const COLUMNS = 8;
/** Steps of the inner loop that are written out one after another. */
const UNROLLED = 4;

/** A zero byte, "asm", version 1. */
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const I32 = 0x7f;
const V128 = 0x7b;
const LOOP = [0x03, 0x40];
const END = [0x0b];
const ADD = [0x6a];
const MULTIPLY = [0x6c];
const LESS = [0x49];
const BRANCH_IF = [0x0d, 0];
const STORE_VECTOR = 0x0b;
const LOAD_VECTOR = 0x00;
const LOAD_SPLAT = 0x09;
const ADD_VECTORS = [0xfd, 0xe4, 0x01];
const MULTIPLY_VECTORS = [0xfd, 0xe6, 0x01];

/** Parameters and locals of the one function, by their number. */
const [x, w, bias, y, blocks, depth, panels] = [0, 1, 2, 3, 4, 5, 6];
const [panel, block, at, wAt, wEnd, xAt, stride, yAt] = [7, 8, 9, 10, 11, 12, 13, 14];
const w0 = 15;
const w1 = 16;
const one = 17;
const sums = 18;
const PARAMETERS = 7;
const INTEGER_LOCALS = 8;
const VECTOR_LOCALS = 3 + ROWS * 2;

/**
 * y = x w + bias. Byte addresses: x packed as [blocks][depth][ROWS], w as [panels][depth][COLUMNS], y as rows of
 * panels x COLUMNS floats. depth is a multiple of 4.
 */
export type Multiply = (
  x: number,
  w: number,
  bias: number,
  y: number,
  blocks: number,
  depth: number,
  panels: number,
) => void;

/** A memory of at least `bytes`, and the product that works in it. */
export function createKernel(bytes: number): { memory: ArrayBuffer; multiply: Multiply } {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65_536) });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(assemble()), { heed: { memory } });
  return { memory: memory.buffer, multiply: instance.exports["multiply"] as Multiply };
}

function assemble(): Uint8Array {
  const body = [...functionBody(), ...END];
  const locals = [2, INTEGER_LOCALS, I32, VECTOR_LOCALS, V128];
  const code = [...unsigned(locals.length + body.length), ...locals, ...body];
  const parameters = Array.from({ length: PARAMETERS }, () => I32);
  return Uint8Array.from([
    ...HEADER,
    ...section(1, [1, 0x60, PARAMETERS, ...parameters, 0]),
    ...section(2, [1, ...name("heed"), ...name("memory"), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name("multiply"), 0, 0]),
    ...section(10, [1, ...code]),
  ]);
}

function functionBody(): number[] {
  return [
    ...set(wAt, get(w)),
    ...set(stride, [...get(panels), ...constant(COLUMNS * 4), ...MULTIPLY]),
    ...repeat(panel, panels, [
      ...set(at, [...get(y), ...get(panel), ...constant(COLUMNS * 4), ...MULTIPLY, ...ADD]),
      ...set(xAt, get(x)),
      ...set(wEnd, [...get(wAt), ...get(depth), ...constant(COLUMNS * 4), ...MULTIPLY, ...ADD]),
      ...repeat(block, blocks, [...startSums(), ...addProducts(), ...storeSums(), ...rewindPanel()]),
      ...set(wAt, get(wEnd)),
      ...set(bias, [...get(bias), ...constant(COLUMNS * 4), ...ADD]),
    ]),
  ];
}

function startSums(): number[] {
  return range(ROWS).flatMap((row) => [
    ...set(sums + row * 2, load(LOAD_VECTOR, bias, 0)),
    ...set(sums + row * 2 + 1, load(LOAD_VECTOR, bias, 16)),
  ]);
}

/** The hot loop: one row of the panel against one value of each of the four rows of x. */
function addProducts(): number[] {
  const step = (i: number) => [
    ...set(w0, load(LOAD_VECTOR, wAt, i * COLUMNS * 4)),
    ...set(w1, load(LOAD_VECTOR, wAt, i * COLUMNS * 4 + 16)),
    ...range(ROWS).flatMap((row) => [
      ...set(one, load(LOAD_SPLAT, xAt, (i * ROWS + row) * 4)),
      ...addProduct(sums + row * 2, w0),
      ...addProduct(sums + row * 2 + 1, w1),
    ]),
  ];
  return [
    ...LOOP,
    ...range(UNROLLED).flatMap(step),
    ...set(xAt, [...get(xAt), ...constant(UNROLLED * ROWS * 4), ...ADD]),
    ...set(wAt, [...get(wAt), ...constant(UNROLLED * COLUMNS * 4), ...ADD]),
    ...get(wAt),
    ...get(wEnd),
    ...LESS,
    ...BRANCH_IF,
    ...END,
  ];
}

function addProduct(sum: number, weights: number): number[] {
  return set(sum, [...get(sum), ...get(one), ...get(weights), ...MULTIPLY_VECTORS, ...ADD_VECTORS]);
}

function storeSums(): number[] {
  const store = (offset: number, value: number) => [...get(yAt), ...get(value), ...access(STORE_VECTOR, offset)];
  return [
    ...set(yAt, get(at)),
    ...range(ROWS).flatMap((row) => [
      ...store(0, sums + row * 2),
      ...store(16, sums + row * 2 + 1),
      ...set(yAt, [...get(yAt), ...get(stride), ...ADD]),
    ]),
    ...set(at, get(yAt)),
  ];
}

function rewindPanel(): number[] {
  const bytes = [...get(depth), ...constant(COLUMNS * 4), ...MULTIPLY];
  return set(wAt, [...get(wEnd), ...bytes, 0x6b]);
}

/** Runs `body` for counter = 0, 1, ... until it reaches the local `count`, at least once. */
function repeat(counter: number, count: number, body: readonly number[]): number[] {
  const next = [...set(counter, [...get(counter), ...constant(1), ...ADD]), ...get(counter), ...get(count)];
  return [...set(counter, constant(0)), ...LOOP, ...body, ...next, ...LESS, ...BRANCH_IF, ...END];
}

const range = (length: number) => Array.from({ length }, (_, i) => i);
const get = (local: number) => [0x20, local];
const set = (local: number, value: readonly number[]) => [...value, 0x21, local];
const access = (kind: number, offset: number) => [0xfd, kind, 2, ...unsigned(offset)];
const load = (kind: number, address: number, offset: number) => [...get(address), ...access(kind, offset)];
const name = (text: string) => [text.length, ...new TextEncoder().encode(text)];
const section = (id: number, bytes: readonly number[]) => [id, ...unsigned(bytes.length), ...bytes];

/** i32.const; 64 and more need a second byte, because the format's integers here are signed. */
function constant(value: number): number[] {
  return [0x41, ...(value < 64 ? [value] : [(value & 0x7f) | 0x80, value >> 7])];
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
