// Reads the encoder's weights from the shard files of its package.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** The part of a TensorFlow.js model.json that says which bytes are which tensor. */
const Manifest = z.object({
  weightsManifest: z.tuple([
    z.object({
      paths: z.array(z.string()),
      weights: z.array(z.object({ name: z.string(), shape: z.array(z.number()), dtype: z.string() })),
    }),
  ]),
});

const Vocabulary = z.array(z.tuple([z.string(), z.number().nullable()]));

/** The float32 tensors by their name in the graph. Throws where a file is missing or too short. */
export async function readWeights(folder: string): Promise<Map<string, Float32Array>> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(folder, "model.json"), "utf8")));
  const { paths, weights } = manifest.weightsManifest[0];
  const shards = await Promise.all(paths.map((path) => readFile(join(folder, path))));
  const bytes = new Uint8Array(Buffer.concat(shards));
  const tensors = new Map<string, Float32Array>();
  let offset = 0;
  for (const { name, shape, dtype } of weights) {
    const length = shape.reduce((product, size) => product * size, 1);
    if (dtype === "float32") tensors.set(name, new Float32Array(bytes.buffer, offset, length));
    offset += length * 4;
  }
  return tensors;
}

export async function readVocabulary(folder: string): Promise<z.infer<typeof Vocabulary>> {
  return Vocabulary.parse(JSON.parse(await readFile(join(folder, "vocab.json"), "utf8")));
}
