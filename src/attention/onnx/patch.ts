// Makes each Softmax of an ONNX file an output of its graph, without a new export.

import { BotError } from "../../core/errors.ts";
import { readContents, type Contents, type Split } from "./graph.ts";
import { grow, writeField, type Growth } from "./protobuf.ts";

/** Field numbers of onnx.proto: NodeProto.output, GraphProto.output, ValueInfoProto.name. */
const NODE_OUTPUT = 2;
const GRAPH_OUTPUT = 12;
const VALUE_NAME = 1;

/** A name that cannot lead out of the model's folder. */
const PLAIN_NAME = /^\w[\w.-]*$/;

export interface Opened {
  /** The file with its new outputs, in pieces that share the memory of the old one. */
  pieces: readonly Uint8Array[];
  /** The outputs that hold attention, in the order of the graph. Others of another rank may be among them. */
  names: readonly string[];
  /** Files beside this one that hold weights. */
  beside: readonly string[];
}

/** Throws BotError "unreadable" with the reason where the weights cannot be had. */
export function openAttention(model: Uint8Array): Opened {
  const { graph, fused, beside } = contentsOf(model);
  const splits = (graph?.splits ?? []).filter(isMerged);
  const merged = splits.flatMap((split, i) => namesFor(split, i));
  const names = [...(graph?.softmaxes ?? []), ...merged];
  if (!graph || names.length === 0) throw closed(fused ? "fused" : graph?.splits.some(isDeep) ? "nested" : "none");
  if ([...beside].some((name) => !PLAIN_NAME.test(name))) throw closed("outside");
  const fresh = names.filter((name) => !graph.outputs.has(name));
  const inside = splits.map((split, i) => growSplit(split, namesFor(split, i)));
  const growths = fresh.length > 0 ? [{ field: graph.field, inside, more: fresh.map(graphOutput) }] : [];
  return { pieces: grow(model, growths), names, beside: [...beside] };
}

function contentsOf(model: Uint8Array): Contents {
  try {
    return readContents(model);
  } catch (error) {
    if (error instanceof RangeError) throw closed("broken", error);
    throw error;
  }
}

/** A "merged" decoder: one If, a branch with a past and one without, the same layers in both. */
function isMerged({ operator, branches }: Split): boolean {
  const counts = new Set(branches.map(({ graph }) => graph.softmaxes.length));
  return operator === "If" && branches.length === 2 && counts.size === 1 && !counts.has(0);
}

function isDeep({ branches }: Split): boolean {
  return branches.some(({ graph }) => graph.softmaxes.length > 0 || graph.splits.some(isDeep));
}

/** What the If hands out: the n-th softmax of whichever branch ran. */
function namesFor({ branches }: Split, place: number): string[] {
  return branches[0]!.graph.softmaxes.map((_, i) => `heed.attention.${place}.${i}`);
}

/** Both branches hand out their softmaxes, and the If hands out what its branch did. */
function growSplit({ node, branches }: Split, names: readonly string[]): Growth {
  const inside = branches.map(({ attribute, graph }) => ({
    field: attribute,
    inside: [{ field: graph.field, inside: [], more: graph.softmaxes.map(graphOutput) }],
    more: [],
  }));
  return { field: node, inside, more: names.map((name) => writeField(NODE_OUTPUT, name)) };
}

function graphOutput(name: string): Uint8Array {
  return writeField(GRAPH_OUTPUT, writeField(VALUE_NAME, name));
}

const REASONS = {
  fused: {
    en: "it computes attention in one fused operator, which keeps the weights to itself. Use an export without fusion (for example onnx/model.onnx in place of an optimised file).",
    "zh-TW":
      "它用融合過的運算子一次算完注意力，拿不到權重。請改用沒有融合的匯出檔（例如用 onnx/model.onnx，不用最佳化過的檔案）。",
  },
  nested: {
    en: "its layers lie in a loop, or in branches that differ. Use onnx/model.onnx or onnx/decoder_model.onnx of the same model.",
    "zh-TW":
      "它的各層藏在迴圈裡，或在兩個不一樣的分支裡。請改用同一個模型的 onnx/model.onnx 或 onnx/decoder_model.onnx。",
  },
  outside: {
    en: "it names files outside its own folder for its weights, which I do not read.",
    "zh-TW": "它把權重指到自己資料夾以外的檔案，我不會去讀。",
  },
  none: {
    en: "there is no softmax in it, so it holds no attention that I could show.",
    "zh-TW": "裡面沒有 softmax，也就沒有可以顯示的注意力。",
  },
  broken: {
    en: "the file is not a whole ONNX model.",
    "zh-TW": "這個檔案不是完整的 ONNX 模型。",
  },
} as const;

function closed(reason: keyof typeof REASONS, cause?: unknown): BotError {
  const { en, "zh-TW": chinese } = REASONS[reason];
  return new BotError(
    "unreadable",
    { en: `I can't look into this model: ${en}`, "zh-TW": `沒辦法看進這個模型：${chinese}` },
    { cause },
  );
}
