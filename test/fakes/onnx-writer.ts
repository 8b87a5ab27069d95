// The parts of an ONNX file, byte by byte, for models that tests and benchmarks make up.

import { writeField, writeVariable } from "../../src/attention/onnx/protobuf.ts";

export const FLOAT = 1;
export const INT64 = 7;
export const BOOLEAN = 9;
export const HALF = 10;
/** The wire's kind for a float. */
const FOUR_BYTES = 5;

export const whole = (number: number, value: number) =>
  Uint8Array.from([...writeVariable(number * 8), ...writeVariable(value)]);
export const message = (...fields: Uint8Array[]) => new Uint8Array(Buffer.concat(fields));

/** An integer, a float, integers, or a graph. */
type Attribute = number | { float: number } | readonly number[] | Uint8Array;

function attribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === "number") return message(writeField(1, name), whole(3, value), whole(20, 2));
  if ("float" in value) {
    const bytes = bytesOf(Float32Array.of(value.float));
    return message(writeField(1, name), Uint8Array.of((2 << 3) | FOUR_BYTES, ...bytes), whole(20, 1));
  }
  if (value instanceof Uint8Array) return message(writeField(1, name), writeField(6, value), whole(20, 5));
  return message(writeField(1, name), ...value.map((each) => whole(8, each)), whole(20, 7));
}

export function node(
  operator: string,
  inputs: string[],
  output: string,
  attributes: Record<string, Attribute> = {},
  domain = "",
) {
  return message(
    ...inputs.map((input) => writeField(1, input)),
    writeField(2, output),
    writeField(4, operator),
    ...Object.entries(attributes).map(([name, value]) => writeField(5, attribute(name, value))),
    ...(domain ? [writeField(7, domain)] : []),
  );
}

export function valueInfo(name: string, type: number, shape: readonly (number | string)[]): Uint8Array {
  const dimension = (size: number | string) => (typeof size === "number" ? whole(1, size) : writeField(2, size));
  const tensor = message(
    whole(1, type),
    writeField(2, message(...shape.map((size) => writeField(1, dimension(size))))),
  );
  return message(writeField(1, name), writeField(2, writeField(1, tensor)));
}

export const bytesOf = (numbers: { buffer: ArrayBuffer; byteOffset: number; byteLength: number }) =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

export function integers(name: string, numbers: readonly number[], shape: readonly number[]): Uint8Array {
  const raw = bytesOf(BigInt64Array.from(numbers, BigInt));
  return message(...shape.map((size) => whole(1, size)), whole(2, INT64), writeField(8, name), writeField(9, raw));
}

export function floats(name: string, numbers: Float32Array, shape: readonly number[]): Uint8Array {
  const raw = bytesOf(numbers as Float32Array<ArrayBuffer>);
  return message(...shape.map((size) => whole(1, size)), whole(2, FLOAT), writeField(8, name), writeField(9, raw));
}

/** A whole file: version 17 of the standard's operators, and the runtime's own. */
export function modelOf(graph: Uint8Array): Uint8Array<ArrayBuffer> {
  const versions = [message(writeField(1, ""), whole(2, 17)), message(writeField(1, "com.microsoft"), whole(2, 1))];
  return message(whole(1, 8), writeField(7, graph), ...versions.map((version) => writeField(8, version)));
}
