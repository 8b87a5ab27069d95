// Translates Discord's refusals into errors with a sentence for the person who can fix each.

import { z } from "zod";
import { BotError, type ErrorCode } from "../../src/core/errors.ts";
import type { Phrase } from "../../src/core/language.ts";

/** Codes in the body of a refusal; https://discord.com/developers/docs/topics/opcodes-and-status-codes */
export const Refusal = {
  unknownChannel: 10_003,
  unknownMessage: 10_008,
  unknownWebhook: 10_015,
  unknownInteraction: 10_062,
  tooLarge: 40_005,
  alreadyAnswered: 40_060,
  missingAccess: 50_001,
  notTheAuthor: 50_005,
  cannotSendTo: 50_007,
  missingPermissions: 50_013,
  badToken: 50_027,
  invalidForm: 50_035,
  fileTooLarge: 50_045,
  archived: 50_083,
  noCommonGuild: 50_278,
  noHistory: 160_002,
  threadExists: 160_004,
  locked: 160_005,
  noHistoryToQuote: 160_009,
  adultReference: 160_010,
  blockedByRules: 200_000,
  harmfulLink: 240_000,
} as const;

/** Unauthorized, Not Found: what a path with an interaction's token answers when that is no use any more, or not yet. */
const TOKEN_IS_DEAD = new Set([401, 404]);

const Refused = z.object({ status: z.number(), code: z.union([z.number(), z.string()]).optional() });
const Limited = z.object({ retryAfter: z.number() });

/** The code of Discord's own refusal behind an error; undefined where Discord did not say no. */
export function refusalOf(error: unknown): number | undefined {
  const cause = error instanceof BotError ? error.cause : error;
  const code = Refused.safeParse(cause).data?.code;
  return typeof code === "number" ? code : undefined;
}

/** Whether the error is one of these refusals. */
export function isRefused(error: unknown, ...codes: readonly number[]): boolean {
  return codes.includes(refusalOf(error) ?? -1);
}

export function isTokenDead(error: unknown): boolean {
  return TOKEN_IS_DEAD.has(statusOf(error) ?? 0);
}

function statusOf(error: unknown): number | undefined {
  return Refused.safeParse(error instanceof BotError ? error.cause : error).data?.status;
}

/** The one error that this adapter throws for anything that Discord or the way to it did. */
export function failureOf(cause: unknown): BotError {
  if (cause instanceof BotError) return cause;
  const limited = Limited.safeParse(cause).data;
  if (limited) return new BotError("rate-limited", BUSY, { cause, retryAfterMs: limited.retryAfter });
  const refused = Refused.safeParse(cause).data;
  if (!refused) return new BotError("connection-lost", UNREACHABLE, { cause });
  if (refused.status >= 500) return new BotError("unavailable", UNWELL, { cause });
  if (refused.status === 429) return new BotError("rate-limited", BUSY, { cause });
  const [code, phrase] = KNOWN[Number(refused.code)] ?? (refused.status === 401 ? BAD_TOKEN : unexpected(refused));
  return new BotError(code, phrase, { cause });
}

const BUSY: Phrase = {
  en: "Discord asks me to slow down.",
  "zh-TW": "Discord 要我放慢速度。",
};
const UNREACHABLE: Phrase = { en: "I can't reach Discord.", "zh-TW": "我連不上 Discord。" };
const UNWELL: Phrase = { en: "Discord has a problem on its side.", "zh-TW": "Discord 那邊出了問題。" };

type Meaning = readonly [ErrorCode, Phrase];

const BAD_TOKEN: Meaning = [
  "misconfigured",
  {
    en: "Discord does not accept DISCORD_TOKEN. Copy it anew from the developer portal, under Bot › Reset Token.",
    "zh-TW": "Discord 不接受 DISCORD_TOKEN。請到開發者後台的 Bot › Reset Token 重新複製。",
  },
];

const NO_PERMISSION: Meaning = [
  "forbidden",
  {
    en: "I lack a permission here. A server admin can give it to me: View Channel, Send Messages, Send Messages in Threads, Create Public Threads, Attach Files, Read Message History.",
    "zh-TW":
      "我在這裡缺少權限。請伺服器管理員給我：檢視頻道、傳送訊息、在討論串中傳送訊息、建立公開討論串、附加檔案、讀取訊息歷史。",
  },
];

const GONE: Meaning = [
  "not-found",
  { en: "The message or channel is no longer there.", "zh-TW": "這則訊息或頻道已經不在了。" },
];

const TOO_LARGE: Meaning = [
  "too-large",
  { en: "This is larger than Discord takes.", "zh-TW": "這超過 Discord 可以接受的大小。" },
];

const KNOWN: Readonly<Record<number, Meaning>> = {
  [Refusal.unknownChannel]: GONE,
  [Refusal.unknownMessage]: GONE,
  [Refusal.unknownWebhook]: GONE,
  [Refusal.unknownInteraction]: GONE,
  [Refusal.badToken]: GONE,
  [Refusal.tooLarge]: TOO_LARGE,
  [Refusal.missingAccess]: NO_PERMISSION,
  [Refusal.missingPermissions]: NO_PERMISSION,
  [Refusal.notTheAuthor]: NO_PERMISSION,
  [Refusal.cannotSendTo]: [
    "forbidden",
    {
      en: "You do not take direct messages from this server, so I cannot write to you.",
      "zh-TW": "你沒有開放這個伺服器的私訊，所以我無法傳訊息給你。",
    },
  ],
  [Refusal.threadExists]: ["usage", { en: "This message already has a thread.", "zh-TW": "這則訊息已經有討論串了。" }],
};

function unexpected({ status, code }: z.infer<typeof Refused>): Meaning {
  const what = [status, code].filter(Boolean).join("/");
  return [
    "forbidden",
    {
      en: `Discord refused this message (${what}); it has been logged.`,
      "zh-TW": `Discord 拒絕了這則訊息（${what}），已經記錄下來。`,
    },
  ];
}
