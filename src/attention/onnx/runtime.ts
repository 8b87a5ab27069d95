// What is used of two packages that Heed does not bring along: 290 MB are only worth it for those who want other models.

import { BotError } from "../../core/errors.ts";

/** Numbers as the runtime takes and gives them; float16 arrives as raw 16-bit values where Node has no Float16Array. */
export interface Tensor {
  readonly type: string;
  readonly data: ArrayLike<number | bigint>;
  readonly dims: readonly number[];
}

export interface Session {
  readonly inputNames: readonly string[];
  readonly inputMetadata?: readonly { name: string; shape?: readonly (number | string)[]; type?: string }[];
  readonly outputNames: readonly string[];
  run(inputs: Record<string, Tensor>, outputs: readonly string[]): Promise<Record<string, Tensor>>;
}

export interface Runtime {
  InferenceSession: { create(model: Uint8Array | string, options: { logSeverityLevel: number }): Promise<Session> };
  Tensor: new (
    type: string,
    data: BigInt64Array | Float32Array | Float16Array | Uint16Array | Uint8Array,
    dims: readonly number[],
  ) => Tensor;
}

export interface TextTokenizer {
  encode(text: string): { ids: readonly number[]; tokens: readonly string[] };
  decode(ids: number[]): string;
}

export interface Tokenizers {
  Tokenizer: new (tokenizer: object, config: object) => TextTokenizer;
}

const PACKAGES = { runtime: "onnxruntime-node", tokenizers: "@huggingface/tokenizers" };

/** Throws BotError "misconfigured" with what to install, before anything is fetched for nothing. */
export function checkRuntime(): void {
  try {
    for (const name of Object.values(PACKAGES)) import.meta.resolve(name);
  } catch (cause) {
    throw notInstalled(cause);
  }
}

/** Throws BotError "misconfigured" with what to install. */
export async function loadRuntime(): Promise<{ runtime: Runtime; tokenizers: Tokenizers }> {
  try {
    const [runtime, tokenizers] = await Promise.all([import(PACKAGES.runtime), import(PACKAGES.tokenizers)]);
    return { runtime: runtime as Runtime, tokenizers: tokenizers as Tokenizers };
  } catch (cause) {
    throw notInstalled(cause);
  }
}

function notInstalled(cause: unknown): BotError {
  const install = `npm install --ignore-scripts ${PACKAGES.runtime} ${PACKAGES.tokenizers}`;
  return new BotError(
    "misconfigured",
    {
      en: `Other models need two packages (about 290 MB) that are not installed. Whoever runs me can install them with \`${install}\`. The bundled model works without.`,
      "zh-TW": `使用其他模型需要另外安裝兩個套件（約 290 MB）。請維運人員執行 \`${install}\`。內建模型不需要安裝。`,
    },
    { cause },
  );
}
