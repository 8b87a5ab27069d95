// The painter: a renderer in a thread of its own, so that no answer waits for a picture of another.

import { BotError } from "../../core/errors.ts";
import type { Painter } from "../../core/painter.ts";
import type { World } from "../../core/world.ts";
import { createThread } from "../thread.ts";

const IDLE_MS = 60_000;
const LIMIT_MS = 15_000;

export function createPainter(world: World): Painter {
  const script = new URL("./worker.ts", import.meta.url);
  const plan = { script, data: undefined, idleMs: IDLE_MS, limitMs: LIMIT_MS, broken, late };
  const thread = createThread<string, Uint8Array>(world, plan);
  return { paint: (svg, signal) => thread.ask(svg, signal), close: () => thread.close() };
}

function broken(cause: unknown): BotError {
  return new BotError(
    "unavailable",
    {
      en: "The picture could not be painted; the text view shows the same. `npm install` brings what painting needs.",
      "zh-TW": "圖片畫不出來；文字檢視的內容相同。執行 `npm install` 可補齊畫圖所需的套件。",
    },
    { cause },
  );
}

function late(): BotError {
  return new BotError("timeout", {
    en: "The picture took too long to paint, so I stopped it. The text view shows the same.",
    "zh-TW": "圖片畫太久，我先停掉了；文字檢視的內容相同。",
  });
}
