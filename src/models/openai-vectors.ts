// Embeddings in OpenAI's dialect, which Ollama speaks as well.

import type { World } from "../core/world.ts";
import type { EmbedDialect } from "./embedder.ts";
import { connect, type Endpoint } from "./openai-chat.ts";

export function openaiVectors(endpoint: Endpoint, world: World): EmbedDialect {
  return async (model, texts, signal) => {
    const { embeddings } = await connect(endpoint, world);
    // The package asks for base64 unless told otherwise, which other servers do not know.
    const asked = { model, input: [...texts], encoding_format: "float" as const };
    const { data } = await embeddings.create(asked, { signal });
    return data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding);
  };
}
