// Makes a heatmap a file to attach, in the requested format.

import type { Painter } from "../../core/painter.ts";
import type { Picture } from "../../core/reply.ts";
import { drawHeatmap, type Heatmap } from "./heatmap.ts";

/** `name` has no ending yet; `alt` is for those who cannot see it. Throws what the painter throws. */
export type Paint = (heatmap: Heatmap, about: { name: string; alt: string }) => Promise<Picture>;

export function paintAs(format: "png" | "svg", painter: Painter, signal: AbortSignal): Paint {
  return async (heatmap, { name, alt }) => {
    const svg = drawHeatmap(heatmap);
    return format === "svg"
      ? { name: `${name}.svg`, alt, mediaType: "image/svg+xml", bytes: new TextEncoder().encode(svg) }
      : { name: `${name}.png`, alt, mediaType: "image/png", bytes: await painter.paint(svg, signal) };
  };
}
