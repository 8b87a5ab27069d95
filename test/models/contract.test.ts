// The contract, held by every provider against its own dialect.

import { anthropicWire, huggingfaceWire, mistralWire, ollamaWire, openaiWire } from "../fakes/dialects.ts";
import { modelContract } from "../contracts/model.ts";

for (const wire of [openaiWire, huggingfaceWire, ollamaWire, anthropicWire, mistralWire]) modelContract(wire);
