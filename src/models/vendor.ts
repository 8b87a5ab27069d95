// Defines what is known of a vendor, and the interface that every protocol implements.

import type { ListedModel, ChatMessage, ModelCard, ModelEvent } from "../core/model.ts";
import type { Capabilities } from "./catalog/index.ts";
import type { VendorStop } from "./stop-reasons.ts";

/** Named in the sentences people read when something fails. */
export interface Vendor {
  /** As a person types it, for example "openai". */
  provider: string;
  /** As it calls itself, for example "OpenAI". */
  label: string;
  variables: { key: string; model: string; url: string };
  /** The configured model ids, the default first. */
  models: readonly string[];
  /** Struck out of everything that goes to the log. */
  secret: string;
  /** Where prompts go; the vendor's own servers without it. */
  hosting?: ModelCard["hosting"];
  /** A further fix for a model that is not there. */
  hint?: (id: string) => { en: string; "zh-TW": string };
}

/** One request in the words that all vendors share. Passages are already part of the messages. */
export interface ChatRequest {
  id: string;
  system: string;
  messages: readonly ChatMessage[];
  /** At most this many tokens, thoughts and all. */
  maxTokens?: number | undefined;
  temperature?: number | undefined;
  can: Capabilities;
}

/**
 * "thinking" and "tool-call" are signs of life that nobody reads, "named" is what the vendor calls the model that
 * answers, "closed" is the vendor's own mark at the end of a stream. "usage" and "stop" may come more than once; the
 * last usage holds.
 */
export type StreamEvent =
  | Exclude<ModelEvent, { type: "stop" | "waiting" }>
  | { type: "stop"; reason: VendorStop }
  | { type: "thinking" | "tool-call" | "closed" }
  | { type: "named"; model: string };

/** The vendor's own list of models. Throws whatever its vendor's package throws. */
export type Lister = (signal: AbortSignal) => Promise<readonly ListedModel[]>;

export interface ChatProtocol {
  /** Sends a request and reads the answer. Throws whatever its vendor's package throws. */
  stream(request: ChatRequest, signal: AbortSignal): AsyncIterable<StreamEvent>;
  /** Loads its vendor's package, which the first request does otherwise. */
  prepare(): Promise<unknown>;
}
