// What a model's name tells about it. An unknown name gets the careful answer; the *_CONTEXT variables overrule the table.

export interface Family {
  /** Tokens of prompt and answer together. */
  window: number;
  /** Thinks before it writes: wants an effort, and its thoughts count against the limit of the answer. */
  thinks: boolean;
  /** Takes a temperature; newer families answer 400 to one. */
  samples: boolean;
}

const THINKS = { thinks: true, samples: false };
const FIXED = { thinks: false, samples: false };
const PLAIN = { thinks: false, samples: true };

/** From the vendors' model pages, November 2026. The first match holds. */
const FAMILIES: readonly [name: RegExp, family: Family][] = [
  [/gpt-oss/, { window: 131_072, ...PLAIN }],
  [/^gpt-[5-9].*(?:chat|pro)/, { window: 128_000, ...FIXED }],
  [/^gpt-[6-9]/, { window: 922_000, ...THINKS }],
  [/^gpt-5/, { window: 400_000, ...THINKS }],
  [/^o[1-9]/, { window: 200_000, ...THINKS }],
  [/^gpt-4\.1/, { window: 1_000_000, ...PLAIN }],
  [/^gpt-4(?:o|-turbo)/, { window: 128_000, ...PLAIN }],
  [/^claude-(?:opus|sonnet)-4-[0-5]|^claude-haiku-4/, { window: 200_000, ...FIXED }],
  [/^claude-(?:opus|sonnet)-4-6/, { window: 1_000_000, ...FIXED }],
  [/^claude-/, { window: 1_000_000, ...THINKS }],
  [/mistral-7b/, { window: 32_768, ...PLAIN }],
  [/mistral-(?:medium|large)-(?:3|latest)/, { window: 256_000, ...PLAIN }],
  [/(?:mi|mini|code|dev|pix|magi)stral/, { window: 128_000, ...PLAIN }],
  [/llama-?(?:3\.[1-9]|[4-9])/, { window: 128_000, ...PLAIN }],
  [/llama-?3/, { window: 8192, ...PLAIN }],
  [/gemma-?[3-9]|glm-[4-9]|kimi|deepseek/, { window: 128_000, ...PLAIN }],
  [/qwen-?(?:2\.5|[3-9])/, { window: 32_768, ...PLAIN }],
];

const UNKNOWN: Family = { window: 16_384, ...PLAIN };

/** `context` is what a person configured, in tokens. */
export function familyOf(id: string, context?: number): Family {
  const name = id.toLowerCase();
  const family = FAMILIES.find(([pattern]) => pattern.test(name))?.[1] ?? UNKNOWN;
  return context === undefined ? family : { ...family, window: context };
}

/** What a thinking model may think, in tokens, beside the answer itself. */
const ROOM_TO_THINK = 8192;

/** The limit to ask for, so that thoughts do not eat the answer. */
export function limitFor(maxTokens: number, { thinks }: Family): number {
  return thinks ? maxTokens + ROOM_TO_THINK : maxTokens;
}
