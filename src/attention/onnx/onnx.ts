// Traces the attention of a loaded ONNX encoder or decoder with its own tokenizer.

import { BotError } from "../../core/errors.ts";
import type { Layer, Piece, Trace } from "../model.ts";
import type { Runtime, Session, Tensor, TextTokenizer } from "./runtime.ts";

/** As many as the bundled model reads, and as a picture has room for. */
export const MOST_PIECES = 128;
const MOST_NEXT = 5;
/** Marks of the model's own, in the spellings of BERT, RoBERTa, T5, GPT and Llama. */
const SPECIAL = /^(\[(CLS|SEP|PAD|MASK|BOS|EOS)\]|<\/?(s|pad|mask|bos|eos)>|<\|.*\|>)$/;
const UNKNOWN = /^(\[UNK\]|<unk>)$/;
/** How the tokenizers spell "a word begins here", and WordPiece "this goes on". */
const WORD_STARTS = /^[Ġ▁]/;
const GOES_ON = /^##/;
/** Newer versions of Node have the type; the runtime wants it where it is there. */
const Half = globalThis.Float16Array ?? Uint16Array;
/** An empty past: the second dimension of a cache is its heads, the last the width of one. */
const CACHE = /past_key_values|past_key|past_value|^past/;

export interface Loaded {
  name: string;
  runtime: Runtime;
  session: Session;
  tokenizer: TextTokenizer;
  /** Candidates for attention; those that are not of rank 4 are left out when they arrive. */
  attention: readonly string[];
}

export async function traceOnnx(loaded: Loaded, text: string): Promise<Trace> {
  const { name, runtime, session, tokenizer, attention } = loaded;
  const { ids, tokens } = tokenizer.encode(text);
  const read = ids.slice(0, MOST_PIECES);
  const logits = session.outputNames.filter((output) => output === "logits");
  const outputs = await session.run(feed(runtime, session, read), [...attention, ...logits]);
  const layers = attention.flatMap((output) => layerOf(outputs[output]!, read.length));
  if (layers.length === 0) throw noLayers(name);
  const causal = layers.every((layer) => looksBackOnly(layer, read.length));
  const pieces = tokens.slice(0, MOST_PIECES).map((token, i) => pieceOf(token, read[i]!, i, tokenizer));
  const next = causal && outputs["logits"] ? likelyNext(outputs["logits"], tokenizer) : undefined;
  return { pieces, cut: ids.length - read.length, causal, layers, ...(next ? { next } : {}) };
}

/** All the inputs that exports of encoders and decoders ask for; an unknown one is an error that names it. */
function feed(runtime: Runtime, session: Session, ids: readonly number[]): Record<string, Tensor> {
  const whole = (values: readonly number[]) =>
    new runtime.Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);
  const input = (name: string): Tensor => {
    if (name === "input_ids") return whole(ids);
    if (name === "attention_mask") return whole(ids.map(() => 1));
    if (name === "token_type_ids") return whole(ids.map(() => 0));
    if (name === "position_ids") return whole(ids.map((_, i) => i));
    if (name === "use_cache_branch") return new runtime.Tensor("bool", Uint8Array.of(0), [1]);
    if (CACHE.test(name)) return emptyCache(runtime, session, name);
    throw unknownInput(name);
  };
  return Object.fromEntries(session.inputNames.map((name) => [name, input(name)]));
}

function emptyCache(runtime: Runtime, session: Session, name: string): Tensor {
  const about = session.inputMetadata?.find((input) => input.name === name);
  const [, heads, , width] = about?.shape ?? [];
  if (typeof heads !== "number" || typeof width !== "number") throw unknownInput(name);
  return about?.type === "float16"
    ? new runtime.Tensor("float16", new Half(), [1, heads, 0, width])
    : new runtime.Tensor("float32", new Float32Array(), [1, heads, 0, width]);
}

/** Rank 4 and square is attention; anything else that a softmax made is not. */
function layerOf({ dims, data, type }: Tensor, count: number): Layer[] {
  const [batch, heads, rows, columns] = dims;
  if (dims.length !== 4 || batch !== 1 || rows !== count || columns !== count) return [];
  return [{ heads: heads!, weights: asFloats(data, type) }];
}

function asFloats(data: ArrayLike<number | bigint>, type: string, from = 0): Float32Array {
  if (data instanceof Float32Array) return data.subarray(from);
  const raw = type === "float16" && data instanceof Uint16Array;
  return Float32Array.from({ length: data.length - from }, (_, i) =>
    raw ? fromHalf(Number(data[from + i])) : Number(data[from + i]),
  );
}

/** IEEE 754 binary16: one bit of sign, five of exponent, ten of fraction. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? 2 ** -24 * fraction : 2 ** (exponent - 15) * (1 + fraction / 1024));
}

/** A mask leaves exact zeros, so that what is measured here need not be guessed from the model's name. */
function looksBackOnly({ weights }: Layer, count: number): boolean {
  return count > 1 && weights.every((weight, at) => at % count <= Math.floor(at / count) % count || weight === 0);
}

function pieceOf(token: string, id: number, place: number, tokenizer: TextTokenizer): Piece {
  const special = SPECIAL.test(token);
  const unknown = UNKNOWN.test(token);
  const plain = token.replace(GOES_ON, "").replace(WORD_STARTS, "");
  // Byte-level tokenizers spell other scripts in stand-ins for bytes; decoding gives the characters back.
  const text =
    special || unknown || /^[\x20-\x7e]*$/.test(plain) ? plain : tokenizer.decode([id]).replace(GOES_ON, "").trim();
  // A tokenizer that marks what begins leaves everything else unmarked; WordPiece marks what goes on.
  const startsWord = place === 0 || WORD_STARTS.test(token) || (!GOES_ON.test(token) && !marksStarts(tokenizer));
  return { text, id, unknown, startsWord, special };
}

const MARKED = new WeakMap<TextTokenizer, boolean>();

function marksStarts(tokenizer: TextTokenizer): boolean {
  const known = MARKED.get(tokenizer) ?? tokenizer.encode("a a a").tokens.some((token) => WORD_STARTS.test(token));
  MARKED.set(tokenizer, known);
  return known;
}

function likelyNext({ dims, data, type }: Tensor, tokenizer: TextTokenizer): Trace["next"] {
  const size = dims.at(-1)!;
  const logits = asFloats(data, type, data.length - size);
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logits.reduce((total, value) => total + Math.exp(value - largest), 0);
  const ranked = Array.from(logits, (value, id) => ({ id, probability: Math.exp(value - largest) / sum }));
  const best = ranked.sort((a, b) => b.probability - a.probability).slice(0, MOST_NEXT);
  return best.map(({ id, probability }) => ({ text: tokenizer.decode([id]), probability }));
}

function noLayers(name: string): BotError {
  return new BotError("unreadable", {
    en: `The model ${name} gave no attention of one weight per pair of pieces.`,
    "zh-TW": `模型 ${name} 沒有給出「每對片段一個權重」的注意力。`,
  });
}

function unknownInput(name: string): BotError {
  return new BotError("unreadable", {
    en: `This model asks for an input that I don't know: ${name}. An encoder or a decoder for text is needed.`,
    "zh-TW": `這個模型需要我不認得的輸入：${name}。請用處理文字的編碼器或解碼器。`,
  });
}
