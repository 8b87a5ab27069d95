// What a model's card says beside its window: whose weights, what it costs here, what it is good at.

import type { ModelCard, Price, Strength } from "../core/model.ts";
import { familyOf } from "./families.ts";
import { FREE, bundledPrices, type Prices } from "./prices.ts";

interface Trait {
  openWeights?: boolean;
  strengths: readonly Strength[];
  languages: readonly string[];
}

const MANY = ["mul", "en", "zh-TW"];
const EUROPEAN = ["en", "fr", "de", "es", "it", "pt", "nl"];

/** From the vendors' model pages and model cards, November 2026. The first match holds. */
const TRAITS: readonly [name: RegExp, trait: Trait][] = [
  [/gpt-oss/, { openWeights: true, strengths: ["reasoning", "code"], languages: ["en"] }],
  [/gpt-.*luna/, { openWeights: false, strengths: ["speed", "volume"], languages: MANY }],
  [/gpt-.*terra/, { openWeights: false, strengths: ["speed", "writing", "code"], languages: MANY }],
  [/gpt-[56].*(?:astra|sol)/, { openWeights: false, strengths: ["reasoning", "code", "writing"], languages: MANY }],
  [/^gpt-|^o[1-9]/, { openWeights: false, strengths: ["reasoning", "code"], languages: MANY }],
  [/claude-.*haiku/, { openWeights: false, strengths: ["speed", "volume"], languages: MANY }],
  [/claude-.*sonnet/, { openWeights: false, strengths: ["code", "writing", "long-documents"], languages: MANY }],
  [/claude-/, { openWeights: false, strengths: ["reasoning", "code", "writing", "long-documents"], languages: MANY }],
  [/ministral|mistral-7b|nemo/, { openWeights: true, strengths: ["speed", "volume"], languages: EUROPEAN }],
  [/mistral-small/, { openWeights: true, strengths: ["speed", "volume"], languages: EUROPEAN }],
  [/(?:code|dev)stral/, { strengths: ["code"], languages: EUROPEAN }],
  [
    /mistral-(?:medium|large)-(?:[34]|latest)/,
    { openWeights: true, strengths: ["reasoning", "code", "writing"], languages: EUROPEAN },
  ],
  [/m[ai].*stral/, { strengths: ["reasoning", "writing"], languages: EUROPEAN }],
  [/llama/, { openWeights: true, strengths: ["writing"], languages: ["en", "de", "fr", "it", "pt", "es"] }],
  [/qwen|glm|deepseek|kimi/, { openWeights: true, strengths: ["reasoning", "code"], languages: ["en", "zh"] }],
  [/gemma/, { openWeights: true, strengths: ["writing", "pictures"], languages: ["mul", "en"] }],
];

const UNKNOWN: Trait = { strengths: [], languages: [] };

/** `name` is "provider/model". What the vendor's price list says holds for the vendor's servers alone. */
export function cardOf(name: string, place: ModelCard["place"], configured: Prices): ModelCard {
  const id = name.slice(name.indexOf("/") + 1);
  const trait = TRAITS.find(([pattern]) => pattern.test(id.toLowerCase()))?.[1] ?? UNKNOWN;
  // Ollama passes these on to its own data centre.
  const runs = place === "local" && /[-:]cloud$/.test(id) ? "other" : place;
  const price = configured.get(name) ?? usualPrice(name, runs);
  const { samples, thinks } = familyOf(id);
  return { place: runs, samples, thinks, ...trait, ...(price && { price }) };
}

function usualPrice(name: string, place: ModelCard["place"]): Price | undefined {
  if (place === "local") return FREE;
  return place === "vendor" ? bundledPrices.get(name) : undefined;
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/;
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[f[cd])/;

/** A server near by may be a proxy that passes everything on, so another address than the vendor's says nothing more. */
export function placeOf(url: string | undefined, vendorHost: string): ModelCard["place"] {
  return !url || new URL(url).hostname === vendorHost ? "vendor" : "other";
}

/** For a server that runs models itself: names without a dot, and private addresses (RFC 1918, 4193), are near. */
export function placeOfServer(url: string): ModelCard["place"] {
  const { hostname } = new URL(url);
  const near = LOOPBACK.test(hostname) || PRIVATE.test(hostname) || !/[.:]/.test(hostname);
  return near || /\.(?:local|internal|lan)$/.test(hostname) ? "local" : "other";
}
