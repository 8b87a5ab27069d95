// Where a real transformer looks, one view a message, and the buttons to walk on from there.

import { z } from "zod";
import { View, type AttentionRequest, type Explanation } from "../core/attention.ts";
import { defineCommand, type Call } from "../core/command.ts";
import type { Phrase } from "../core/language.ts";
import type { Action, Reply } from "../core/reply.ts";

const NAME = "explain-attention";
const LONGEST_TEXT = 4000;
const MOST_ACTIONS = 5;

const place = z.number().int().min(0).max(999);
const matrix = z.string().max(200);
const schema = z.object({
  text: z.string().max(LONGEST_TEXT).optional(),
  view: View.optional(),
  layer: place.optional(),
  head: place.optional(),
  token: z.string().max(100).optional(),
  pieces: z.boolean().optional(),
  skipfirst: z.boolean().optional(),
  picture: z.enum(["png", "svg"]).optional(),
  model: z.string().max(200).optional(),
  toy: z.boolean().optional(),
  wq: matrix.optional(),
  wk: matrix.optional(),
  wv: matrix.optional(),
  causal: z.boolean().optional(),
});
type Args = z.infer<typeof schema>;
type Look = Call<Args>;

export const explainAttention = defineCommand({
  name: NAME,
  summary: { en: "Show where a transformer looks in a sentence", "zh-TW": "看 transformer 讀一句話時看向哪裡" },
  access: "everyone",
  args: schema,
  describe: {
    text: {
      en: "A sentence; with toy, numbers such as cat=0.1,0.3",
      "zh-TW": "一句話；搭配 toy 時是數字，例如 貓=0.1,0.3",
    },
    view: { en: "What to show", "zh-TW": "要看什麼" },
    layer: { en: "Which layer, from 0", "zh-TW": "第幾層，從 0 開始" },
    head: { en: "Which head, from 0", "zh-TW": "第幾個頭，從 0 開始" },
    token: { en: "Which word", "zh-TW": "哪一個詞" },
    pieces: { en: "Pieces of the tokenizer instead of words", "zh-TW": "以片段代替詞" },
    skipfirst: { en: "Leave the first token out", "zh-TW": "略過第一個詞元" },
    picture: { en: "Attach a heatmap", "zh-TW": "附上熱圖" },
    model: { en: "Another model, for example Xenova/gpt2", "zh-TW": "其他模型，例如 Xenova/bert-base-chinese" },
    toy: { en: "Work it out on paper, with the numbers in text", "zh-TW": "用 text 裡的數字手算一次" },
    wq: { en: "For toy: Wq, rows parted by ;", "zh-TW": "toy 用：Wq，各列以 ; 分開" },
    wk: { en: "For toy: Wk", "zh-TW": "toy 用：Wk" },
    wv: { en: "For toy: Wv", "zh-TW": "toy 用：Wv" },
    causal: { en: "For toy: see only what stands before", "zh-TW": "toy 用：只能看前面" },
  },
  prose: "text",
  examples: [
    "/explain-attention The animal did not cross the street because it was too tired",
    "/explain-attention --toy 貓=0.1,0.3 坐=0.5,0.7 墊=0.2,0.4",
  ],
  run: show,
});

async function* show(call: Look): AsyncGenerator<Reply, void, undefined> {
  const { args, tools, language, signal } = call;
  yield { type: "status", text: call.say(LOOKING) };
  const startedAt = tools.world.now();
  const seen = await tools.attention.explain(requestOf(args, language), signal);
  const block = seen.text && `\n\n\`\`\`\n${seen.text}\n\`\`\``;
  yield { type: "text", text: seen.reading + block };
  for (const note of seen.notes) yield { type: "note", text: note };
  if (seen.picture) yield { type: "picture", picture: seen.picture };
  yield { type: "actions", actions: actionsFor(seen, call) };
  yield { type: "facts", facts: { timings: { total: tools.world.now() - startedAt } } };
}

function requestOf({ text = "", toy, wq, wk, wv, causal, skipfirst, ...rest }: Args, language: Look["language"]) {
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const matrices = Object.fromEntries(
    Object.entries({ wq, wk, wv, causal }).filter(([, value]) => value !== undefined),
  );
  return {
    ...given,
    text,
    language,
    ...(skipfirst ? { withoutFirst: true } : {}),
    ...(toy ? { toy: { embeddings: text, ...matrices } } : {}),
  } satisfies AttentionRequest;
}

/** The five steps that lead furthest from what is shown; a step keeps the place that was looked at. */
function actionsFor({ view, at, choices }: Explanation, call: Look): Action[] {
  const { args } = call;
  if (view === "toy") return [];
  const kept = Object.fromEntries(
    Object.entries({ text: args.text, model: args.model, pieces: args.pieces, skipfirst: args.skipfirst }).filter(
      ([, value]) => value !== undefined,
    ),
  ) as Record<string, string | boolean>;
  const walk = { command: NAME, shows: "in-place" } as const;
  const here = { ...kept, layer: at.layer, head: at.head, ...(args.token ? { token: args.token } : {}) };
  const go = (to: View): Action => ({ ...walk, label: call.say(LABELS[to]), options: { ...here, view: to } });
  const last = at.head + 1 >= choices.heads;
  const [layer, head] = last ? [(at.layer + 1) % Math.max(1, choices.layers), 0] : [at.layer, at.head + 1];
  const next: Action = { ...walk, label: `L${layer}H${head}`, options: { ...kept, layer, head, view: "head" } };
  const picture: Action = { ...walk, label: call.say(PICTURE), options: { ...here, view, picture: "png" } };
  const steps: Action[] = (["head", "token", "steps", "overview", "rollout"] as const)
    .filter((to) => to !== view)
    .map(go);
  if (view === "guide") return steps.slice(0, MOST_ACTIONS);
  return [next, ...steps.slice(0, MOST_ACTIONS - 3), picture, go("guide")].slice(0, MOST_ACTIONS);
}

const LOOKING: Phrase = { en: "Looking where it looks", "zh-TW": "正在看它看向哪裡" };
const PICTURE: Phrase = { en: "Picture", "zh-TW": "圖片" };
const LABELS: Readonly<Record<View, Phrase>> = {
  overview: { en: "Overview", "zh-TW": "總覽" },
  head: { en: "This head", "zh-TW": "這個頭" },
  token: { en: "One word", "zh-TW": "一個詞" },
  steps: { en: "Worked example", "zh-TW": "一步步算" },
  heads: { en: "All heads", "zh-TW": "所有的頭" },
  rollout: { en: "Rollout", "zh-TW": "各層合併" },
  pieces: { en: "Pieces", "zh-TW": "片段" },
  guide: { en: "How do I read this?", "zh-TW": "怎麼看？" },
};
