// Exports what the catalogue knows of one model or group of models, and the short ways to write it down.

import type { Phrase } from "../../core/language.ts";
import type { Price, Retirement, Strength } from "../../core/model.ts";

/** How a model may be asked. */
export interface Capabilities {
  /** Tokens of prompt and answer together. */
  contextWindow: number;
  /** Thinks before it writes, so that its thoughts count against the limit of the answer. */
  isReasoning: boolean;
  /** Takes an effort of thinking. Other servers answer 400 to one. */
  takesEffort: boolean;
  /** Takes a temperature; newer families answer 400 to one. */
  supportsTemperature: boolean;
}

export interface Traits {
  openWeights?: boolean;
  strengths: readonly Strength[];
  /** BCP 47 tags; "mul" for many. */
  languages: readonly string[];
}

/** One model, or all whose names are alike. */
export interface ModelEntry {
  /** Matches a bare name: in lower case, without a router's prefix or the frame of a tuned model. */
  pattern: RegExp;
  can: Capabilities;
  traits: Traits;
  /** What its vendor's own servers ask for under these very ids: dollars per million tokens, input and output. */
  price?: Omit<Price, "asOf"> & { ids: readonly string[]; asOf?: string };
  /** The day on which its vendor ends it, and what its vendor names in its place. */
  retires?: Retirement;
}

/** A version as people speak of it, for the list of families. */
export interface Version {
  name: string;
  /** The month, as "2026-11". */
  released: string;
  note: Phrase;
}

/** Models of one maker under one name. */
export interface Family {
  /** As people call it. */
  name: string;
  /** As its maker calls itself. */
  maker: string;
  /** Every name by which a model of it, or its maker, may speak of itself. A space may be left out. */
  names: readonly string[];
  /** Words that follow such a name. */
  tiers: readonly string[];
  /** In the order in which names are looked up: the first pattern that matches holds. */
  models: readonly ModelEntry[];
  /** The newest first; none where nobody asks for its history. */
  versions: readonly Version[];
}

/** A closed model of today: thinks, at an effort, and takes no temperature. */
export const reasoning = (contextWindow: number): Capabilities => ({
  contextWindow,
  isReasoning: true,
  takesEffort: true,
  supportsTemperature: false,
});

/** Neither thinks nor takes a temperature. */
export const fixed = (contextWindow: number): Capabilities => ({
  ...reasoning(contextWindow),
  isReasoning: false,
  takesEffort: false,
});

export const plain = (contextWindow: number): Capabilities => ({
  contextWindow,
  isReasoning: false,
  takesEffort: false,
  supportsTemperature: true,
});

/** An open model that thinks by itself. */
export const thinking = (contextWindow: number): Capabilities => ({ ...plain(contextWindow), isReasoning: true });

export const MANY = ["mul", "en", "zh-TW"];
