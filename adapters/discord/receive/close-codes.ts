// The gateway's close codes after which trying again is no use until a person has mended something.

import { BotError } from "../../../src/core/errors.ts";
import type { Phrase } from "../../../src/core/language.ts";

const MEANINGS: Readonly<Record<number, Phrase>> = {
  4004: {
    en: "Discord does not accept DISCORD_TOKEN. Copy it anew from the developer portal: your application › Bot › Reset Token.",
    "zh-TW": "Discord 不接受 DISCORD_TOKEN。請到開發者後台重新複製：你的應用程式 › Bot › Reset Token。",
  },
  4010: {
    en: "Discord knows no such shard. Mend DISCORD_SHARDS and DISCORD_SHARD_IDS: numbers start at 0 and stay below the count.",
    "zh-TW": "Discord 沒有這個分片。請修正 DISCORD_SHARDS 與 DISCORD_SHARD_IDS：編號從 0 開始，且小於總數。",
  },
  4011: {
    en: "The bot is in too many servers for so few shards. Raise DISCORD_SHARDS, or leave it empty.",
    "zh-TW": "機器人所在的伺服器太多，分片不夠。請調高 DISCORD_SHARDS，或留空。",
  },
  4012: {
    en: "Discord no longer speaks this version of its gateway. Update Heed.",
    "zh-TW": "Discord 已不支援這個版本的 gateway。請更新 Heed。",
  },
  4013: {
    en: "Discord does not know the intents that Heed asked for. Update Heed, and check DISCORD_API_URL.",
    "zh-TW": "Discord 不認得 Heed 要求的 intents。請更新 Heed，並檢查 DISCORD_API_URL。",
  },
  4014: {
    en: "DISCORD_MESSAGE_CONTENT is on, but the intent is not. Switch on Message Content Intent in the developer portal (your application › Bot › Privileged Gateway Intents), or leave DISCORD_MESSAGE_CONTENT empty: mentions, direct messages and commands work without it.",
    "zh-TW":
      "DISCORD_MESSAGE_CONTENT 已開啟，但 intent 還沒有。請到開發者後台（你的應用程式 › Bot › Privileged Gateway Intents）開啟 Message Content Intent，或把 DISCORD_MESSAGE_CONTENT 留空：提及、私訊和指令不需要它。",
  },
};

export function isFatalClose(code: number): boolean {
  return code in MEANINGS;
}

/** `code` is one of the fatal ones. */
export function closeFailure(code: number, cause: unknown = new Error(`the gateway closed with ${code}`)): BotError {
  const unknown = {
    en: `Discord's gateway closed with ${code}.`,
    "zh-TW": `Discord 的 gateway 以 ${code} 關閉了連線。`,
  };
  return new BotError("misconfigured", MEANINGS[code] ?? unknown, { cause });
}
