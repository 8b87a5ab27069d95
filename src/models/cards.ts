// Makes a model's card: whose weights, what it costs here, what it is good at.

import type { ModelCard, Price } from "../core/model.ts";
import { bundledPrices, capabilitiesOf, retirementOf, modelTraits } from "./catalog/index.ts";
import { FREE, type Prices } from "./prices.ts";

/** `name` is "provider/model". What the vendor's price list says holds for the vendor's servers alone. */
export function cardOf(name: string, place: ModelCard["hosting"], configured: Prices): ModelCard {
  const id = name.slice(name.indexOf("/") + 1);
  // Ollama passes these on to its own data centre.
  const runs = place === "local" && /[-:]cloud$/.test(id) ? "other" : place;
  const price = configured.get(name) ?? usualPrice(name, runs);
  const { supportsTemperature, isReasoning } = capabilitiesOf(id);
  const retires = runs === "vendor" ? retirementOf(id) : undefined;
  return {
    hosting: runs,
    supportsTemperature,
    isReasoning,
    ...modelTraits(id),
    ...(price && { price }),
    ...(retires && { retires }),
  };
}

function usualPrice(name: string, place: ModelCard["hosting"]): Price | undefined {
  if (place === "local") return FREE;
  return place === "vendor" ? bundledPrices.get(name) : undefined;
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/;
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[f[cd])/;

/** A server near by may be a proxy that passes everything on, so another address than the vendor's says nothing more. */
export function placeOf(url: string | undefined, vendorHost: string): ModelCard["hosting"] {
  return !url || new URL(url).hostname === vendorHost ? "vendor" : "other";
}

/** For a server that runs models itself: names without a dot, and private addresses (RFC 1918, 4193), are near. */
export function placeOfServer(url: string): ModelCard["hosting"] {
  const { hostname } = new URL(url);
  const near = LOOPBACK.test(hostname) || PRIVATE.test(hostname) || !/[.:]/.test(hostname);
  return near || /\.(?:local|internal|lan)$/.test(hostname) ? "local" : "other";
}
