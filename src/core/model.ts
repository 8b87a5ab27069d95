// Defines models, prompts, events and providers.

import type { z } from "zod";
import type { Embedder, Hit } from "./knowledge.ts";
import type { Language, Phrase } from "./language.ts";
import type { Runtime } from "./runtime.ts";

/** One message of a conversation, as models read it. */
export interface ChatMessage {
  role: "user" | "assistant";
  text: string;
}

/** What a model is asked. */
export interface Prompt {
  /** Added to the instructions that every grounded answer is given. */
  system?: string;
  /** Oldest first; the last one is the question. */
  messages: readonly ChatMessage[];
  /** The passages to answer from, cited by position: the first is [1]. */
  passages: readonly Hit[];
  /** What people said around the question, oldest first: a thread, a quoted message. As untrusted as a passage, but never cited. */
  background?: readonly { author: string; text: string }[];
  language: Language;
  /** At most this many tokens of answer. */
  maxTokens?: number;
  temperature?: number;
}

/** Why an answer ended, where its vendor ended it. A line that broke is no stop but an error. */
export type StopReason =
  | "end"
  | "length" // at the limit of tokens that was asked for
  | "context-full" // prompt and answer together fill what the model reads at once
  | "refused" // the model declined
  | "filtered" // its vendor's filter declined
  | "tool-calls" // it waits for a tool, and it was given none
  | "paused" // it expects to be asked to go on
  | "thoughts-only" // it thought, and wrote nothing
  | "empty";

/** One event of a model's stream. */
export type ModelEvent =
  /** Before the first word: others' answers are written first. `place` counts from 1. */
  | { type: "waiting"; place: number }
  /** A model that only quotes says in `quotes` which passage the text is from, counted from 1, and writes no mark into it. */
  | { type: "text"; text: string; quotes?: number }
  /** Token counts as the vendor bills them. */
  | { type: "usage"; input: number; output: number }
  /**
   * Always the last event of a stream that was not broken off. Without a word before it there is no answer, whatever
   * the reason: `noAnswer` says why. `model` is the vendor's name where it is another.
   */
  | { type: "stop"; reason: StopReason; model?: string };

/** US dollars per million tokens, without the vendor's discounts for cached or batched tokens. */
export interface Price {
  input: number;
  output: number;
  /** Prompts of more tokens cost this, from their first token on. */
  above?: { tokens: number; input: number; output: number };
  /** The day on which it was read, as "2026-11-23". */
  asOf: string;
}

export type Strength = "reasoning" | "code" | "writing" | "speed" | "volume" | "long-documents" | "pictures";

/** What is known of a model beside how to ask it. What is not known is left out rather than guessed. */
export interface ModelCard {
  /** Where prompts go: to the vendor, to another server that speaks its dialect, or no further than one's own network. */
  hosting: "vendor" | "other" | "local";
  price?: Price;
  openWeights?: boolean;
  /** Whether it takes a temperature, and whether it thinks before it writes. */
  supportsTemperature: boolean;
  isReasoning: boolean;
  strengths: readonly Strength[];
  /** BCP 47 tags of the languages it is known to write well; "mul" for many. */
  languages: readonly string[];
  /** Where its vendor has announced its end. */
  retires?: Retirement;
}

/** The day, as "2026-12-11", on which a vendor ends a model, and what it names in its place. */
export interface Retirement {
  on: string;
  replacedBy?: string;
}

/** Models of one maker under one name, as people speak of them. */
export interface ModelFamily {
  name: string;
  maker: string;
  /** Every name by which a model of it, or its maker, may speak of itself. A space may be left out. */
  names: readonly string[];
  /** Words that may follow such a name, as "large". */
  tiers: readonly string[];
  /** The newest first, with the month of release, as "2026-11". */
  versions: readonly { name: string; released: string; note: Phrase }[];
  /** The day on which this was read. */
  asOf: string;
}

/** A model as its vendor's own list shows it. */
export interface ListedModel {
  id: string;
  /** The widest, where several hosts offer it. */
  contextWindow?: number;
  /** The cheapest, where several hosts offer it. */
  price?: Price;
  /** Whether its vendor has announced its end. */
  retires?: boolean;
}

/** One provider's models: what is configured, and what its vendor lists right now, or why that is not known. */
export interface Listing {
  provider: string;
  configured: readonly string[];
  /** Undefined where the vendor has no list or it could not be read; then `failure` may say why. */
  live?: readonly ListedModel[];
  failure?: Phrase;
}

/** One model that can be asked. */
export interface Model {
  /** "provider/model", as a person types it. */
  readonly name: string;
  /** Tokens of prompt and answer together. */
  readonly contextWindow: number;
  /** False for a stand-in that only quotes. */
  readonly isGenerative: boolean;
  readonly card?: ModelCard;
  /** Loads what it needs to ask its vendor, so that a clock that starts afterwards measures the vendor alone. */
  prepare?(): Promise<unknown>;
  /**
   * Streams the answer. Throws BotError: bad-key, no-such-model, rate-limited (with retryAfterMs), context-too-long,
   * refused, filtered, overloaded, connection-lost, timeout, unavailable, misconfigured; what was billed until then
   * has been yielded. Throws the signal's reason when it is aborted.
   */
  generate(prompt: Prompt, signal: AbortSignal): AsyncIterable<ModelEvent>;
}

/** The models that are configured, under their names. */
export interface Models {
  /** The default first. */
  names(): readonly string[];
  /** "provider/model", "provider", or a model's own name; the default without one. Throws BotError "usage". */
  pick(name?: string): Model;
  /** What is known of families of models, whatever is configured. */
  families(): readonly ModelFamily[];
  /** The variable whose value configures each provider, such as "OPENAI_API_KEY". */
  variables(): readonly string[];
  /** Asks every vendor for its list, all at once. A vendor that fails is reported in its listing. */
  list?(signal: AbortSignal): Promise<readonly Listing[]>;
}

/** What a provider offers once it is configured. */
export interface ModelConnection {
  /** Model ids, the default first. */
  readonly models: readonly string[];
  model(id: string): Model;
  /** Where prompts go; the vendor's own servers without it. */
  readonly hosting?: ModelCard["hosting"];
  /** The vendor's own list, live. Throws BotError like generate(). */
  list?(signal: AbortSignal): Promise<readonly ListedModel[]>;
  /** The vendor's embedding model of that id, where it has any. */
  embedder?(id: string): Embedder;
}

/** What a vendor declares: its name, its variables, and how its models are made. */
export interface Provider<Env extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Its variables. The required ones decide whether it is configured. */
  readonly env: Env;
  create(env: z.infer<Env>, runtime: Runtime): ModelConnection;
}
