// A model turns a prompt into events. A provider turns its part of the environment into models.

import type { z } from "zod";
import type { Hit } from "./knowledge.ts";
import type { Language } from "./language.ts";
import type { World } from "./world.ts";

export interface Message {
  role: "user" | "assistant";
  text: string;
}

export interface Prompt {
  /** Added to the instructions that every grounded answer is given. */
  system?: string;
  /** Oldest first; the last one is the question. */
  messages: readonly Message[];
  /** The passages to answer from, cited by position: the first is [1]. */
  passages: readonly Hit[];
  /** What people said around the question, oldest first: a thread, a quoted message. As untrusted as a passage, but never cited. */
  background?: readonly { author: string; text: string }[];
  language: Language;
  /** At most this many tokens of answer. */
  maxTokens?: number;
  temperature?: number;
}

export type StopReason = "end" | "length" | "refused";

export type ModelEvent =
  /** Before the first word: others' answers are written first. `place` counts from 1. */
  | { type: "waiting"; place: number }
  | { type: "text"; text: string }
  /** Token counts as the vendor bills them. */
  | { type: "usage"; input: number; output: number }
  /** Always the last event of a stream that was not broken off. */
  | { type: "stop"; reason: StopReason };

export interface Model {
  /** "provider/model", as a person types it. */
  readonly name: string;
  /** Tokens of prompt and answer together. */
  readonly window: number;
  /** False for a stand-in that only quotes. */
  readonly writes: boolean;
  /**
   * Streams the answer. Throws BotError: bad-key, no-such-model, rate-limited (with retryAfterMs), context-too-long,
   * refused, overloaded, connection-lost, timeout, unavailable. Throws the signal's reason when it is aborted.
   */
  generate(prompt: Prompt, signal: AbortSignal): AsyncIterable<ModelEvent>;
}

/** The models that are configured, under their names. */
export interface Models {
  /** The default first. */
  names(): readonly string[];
  /** "provider/model", "provider", or a model's own name; the default without one. Throws BotError "usage". */
  pick(name?: string): Model;
}

/** What a provider offers once it is configured. */
export interface Connection {
  /** Model ids, the default first. */
  readonly models: readonly string[];
  model(id: string): Model;
}

export interface Provider<Env extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Its variables. The required ones decide whether it is configured. */
  readonly env: Env;
  create(env: z.infer<Env>, world: World): Connection;
}
