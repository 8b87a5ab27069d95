// As much of the protobuf wire format as it takes to read an ONNX graph without decoding its weights, and to add to it.

/** One field of a message: its number, and where its bytes are. `start` to `end` is empty for plain numbers. */
export interface Field {
  number: number;
  /** Where its tag stands, before its length and its bytes. */
  at: number;
  start: number;
  end: number;
}

const VARIABLE = 0;
const EIGHT_BYTES = 1;
const DELIMITED = 2;

/** Throws RangeError where the bytes are not protobuf. */
export function* protobufFields(bytes: Uint8Array, start = 0, end = bytes.length): Generator<Field> {
  for (let at = start, next = start; at < end; at = next) {
    const tag = readVariable(bytes, at);
    const [number, kind] = [Math.floor(tag.value / 8), tag.value % 8];
    const length = kind === VARIABLE || kind === DELIMITED ? readVariable(bytes, tag.next) : undefined;
    const from = length?.next ?? tag.next;
    const size = kind === DELIMITED ? length!.value : 0;
    const fixed = length ? 0 : kind === EIGHT_BYTES ? 8 : 4;
    next = from + size + fixed;
    if (next > end) throw new RangeError("A field ends beyond its message");
    yield { number, at, start: from, end: from + size };
  }
}

/** A message that gets more fields: some at its own end, some inside the messages it holds, named in their order. */
export interface Growth {
  field: Field;
  inside: readonly Growth[];
  more: readonly Uint8Array[];
}

/** The file with its grown messages under their new lengths; everything else is a view of the old bytes, not a copy. */
export function grow(bytes: Uint8Array, growths: readonly Growth[], start = 0, end = bytes.length): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let from = start;
  for (const { field, inside, more } of growths) {
    const body = [...grow(bytes, inside, field.start, field.end), ...more];
    const length = body.reduce((sum, piece) => sum + piece.length, 0);
    const head = Uint8Array.from([...writeVariable(field.number * 8 + DELIMITED), ...writeVariable(length)]);
    pieces.push(bytes.subarray(from, field.at), head, ...body);
    from = field.end;
  }
  return [...pieces, bytes.subarray(from, end)];
}

export function protobufText(bytes: Uint8Array, { start, end }: Field): string {
  return new TextDecoder().decode(bytes.subarray(start, end));
}

/** A field that holds bytes: a text or a message. */
export function writeField(number: number, content: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const body = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const head = [...writeVariable(number * 8 + DELIMITED), ...writeVariable(body.length)];
  return new Uint8Array(Buffer.concat([Uint8Array.from(head), body]));
}

export function writeVariable(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...writeVariable(Math.floor(value / 128))];
}

function readVariable(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  let at = from;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++];
    if (byte === undefined) throw new RangeError("A number ends beyond its message");
    value += (byte & 127) * scale;
    if (byte < 128) return { value, next: at };
  }
}
