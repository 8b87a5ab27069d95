// Creates the painter: a renderer in a thread, so that no answer waits for another's picture.

import { BotError } from "../../core/errors.ts";
import type { Painter } from "../../core/painter.ts";
import type { Runtime } from "../../core/runtime.ts";
import { createWorkerClient } from "../../core/worker-rpc.ts";

const IDLE_MS = 60_000;
const LIMIT_MS = 15_000;

export function createPainter(runtime: Runtime): Painter {
  const script = new URL("./worker.ts", import.meta.url);
  const plan = {
    script,
    data: undefined,
    broken,
    limits: { idleMs: IDLE_MS, limitMs: LIMIT_MS, late, clock: runtime },
  };
  const client = createWorkerClient<string, Uint8Array>(plan);
  return { paint: (svg, signal) => client.ask(svg, signal), close: () => client.close() };
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
