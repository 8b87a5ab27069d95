// Answers what is said to Heed itself: who it is, what it does, and two examples that work where they are read.

import { EVERYONE, type Document } from "../../core/knowledge.ts";
import { languageOf, type Phrase } from "../../core/language.ts";
import type { Model } from "../../core/model.ts";
import type { Reply } from "../../core/reply.ts";
import { clip, oneLine } from "../../core/text.ts";
import type { Ask } from "./args.ts";
import { smallTalkIn, type SmallTalk } from "./small-talk.ts";

/** Own documents, those titled in the asker's language and then the newest first, that are tried for an example. */
const TRIED = 2;
const LONGEST_TITLE = 40;

/**
 * What the question says to Heed itself and to nothing else; undefined where it asks for something. A plea for help, or
 * emoji alone, below what others wrote is about their words; "ok" is an answer where Heed's own last words asked.
 */
export function smallTalkOf({ args, attachments, invocation, history }: Ask): SmallTalk | undefined {
  if (attachments.length > 0 || args.plain) return undefined;
  const said = smallTalkIn(args.question);
  const isBelow = invocation.context.length > 0 && (said === "help" || !/\p{L}/u.test(args.question));
  const answers = said === "praise" && /[?？]\W*$/u.test(history.at(-1)?.text ?? "");
  return isBelow || answers ? undefined : said;
}

export async function* answerAboutHeed(said: SmallTalk, call: Ask): AsyncGenerator<Reply, void, undefined> {
  const { tools, user, guidance, say } = call;
  const { own, example } = await whatIsHere(call);
  const lines: Readonly<Record<SmallTalk, readonly Phrase[]>> = {
    greeting: [HELLO, tryIt(example)],
    identity: [HEED, written(tools.models.pick(undefined)), tryIt(example)],
    abilities: [HEED, tryIt(example), REST],
    help: [HEED, tryIt(example), REST],
    adding: user.isAdmin ? [guidance.filing, SEE] : [ADMINS_ADD, SEE],
    listing: [counted(own), tryIt(example)],
    thanks: [WELCOME, tryIt(example)],
    praise: [GLAD, tryIt(example)],
    farewell: [BYE, tryIt(example)],
  };
  yield { type: "text", text: lines[said].map(say).join("\n") };
  yield { type: "facts", facts: { documents: 0 } };
}

interface Here {
  /** How many documents the workspace has of its own; undefined where that could not be told. */
  own?: number;
  /** A question that its documents answer, in the asker's language. */
  example?: string;
}

/** Who greets is greeted, whatever the store does. */
async function whatIsHere({ tools, workspace, language, signal }: Ask): Promise<Here> {
  try {
    const documents = await tools.knowledge.list(workspace);
    const isForeign = ({ title }: Document) => Number(languageOf(title) !== language);
    const own = documents
      .filter((each) => each.workspace !== EVERYONE)
      .toSorted((a, b) => isForeign(a) - isForeign(b) || b.addedAt - a.addedAt);
    const bundled = documents.length > own.length ? [BUNDLED_EXAMPLE[language]] : [];
    const titles = own.map(({ title }) => clip(oneLine(title.replaceAll("`", " ")), LONGEST_TITLE));
    for (const example of [...titles.slice(0, TRIED).map((title) => about(title)[language]), ...bundled]) {
      const found = await tools.knowledge.search(example, { workspace, limit: 1 }, signal);
      if (found.answerable) return { own: own.length, example };
    }
    return { own: own.length };
  } catch (error) {
    signal.throwIfAborted();
    tools.runtime.log.warn("no example could be looked up", { error });
    return {};
  }
}

const BUNDLED_EXAMPLE: Phrase = { en: "What is multi-head attention?", "zh-TW": "什麼是多頭注意力？" };

function about(title: string): Phrase {
  return { en: `What is in "${title}"?`, "zh-TW": `「${title}」是什麼？` };
}

function tryIt(example: string | undefined): Phrase {
  if (!example)
    return {
      en: "`/kb list` shows which documents I have, and `/help` what I can do.",
      "zh-TW": "`/kb list` 可以看我有哪些文件，`/help` 說明我會做什麼。",
    };
  const ask = `\`/ask ${example}\``;
  return {
    en: `Try ${ask}, or \`/kb list\` to see which documents I have.`,
    "zh-TW": `試試看：${ask}，或用 \`/kb list\` 看我有哪些文件。`,
  };
}

const HELLO: Phrase = {
  en: "Hello, I'm Heed. I answer questions from your team's documents and show the words that each answer rests on.",
  "zh-TW": "你好，我是 Heed。我依據你們團隊的文件回答問題，並附上每個答案的出處。",
};
const HEED: Phrase = {
  en: "I'm Heed, a bot that answers questions from your team's documents and shows the words that each answer rests on.",
  "zh-TW": "我是 Heed，依據你們團隊的文件回答問題的機器人，每個答案都附上出處。",
};
const REST: Phrase = {
  en: "`/help` lists the rest: adding documents, comparing models, seeing where a model looks.",
  "zh-TW": "`/help` 列出其他功能：加入文件、比較模型、看模型注意到哪裡。",
};
const SEE: Phrase = {
  en: "`/kb list` shows which documents I have.",
  "zh-TW": "`/kb list` 可以看我有哪些文件。",
};
const ADMINS_ADD: Phrase = {
  en: "Admins of this workspace add documents for everyone, with `/kb add`; please ask one of them. A file that you attach to a question I read for that answer alone.",
  "zh-TW":
    "給大家用的文件由這個工作區的管理員用 `/kb add` 加入，請找其中一位幫忙。附在問題上的檔案，我只為那一題閱讀。",
};
const WELCOME: Phrase = { en: "You're welcome.", "zh-TW": "不客氣。" };
const GLAD: Phrase = { en: "Glad to be of use.", "zh-TW": "很高興能幫上忙。" };
const BYE: Phrase = { en: "Goodbye! I am here whenever there is a question.", "zh-TW": "再見！有問題隨時找我。" };

function written({ isGenerative, name }: Model): Phrase {
  if (isGenerative) return { en: `My answers are written by ${name}.`, "zh-TW": `我的回答由 ${name} 撰寫。` };
  return {
    en: "No language model is configured here, so I quote the documents word for word.",
    "zh-TW": "這裡沒有設定語言模型，所以我直接引用文件的原文。",
  };
}

function counted(own: number | undefined): Phrase {
  if (own === undefined) return HEED;
  if (own === 0) return { en: "I know no documents of your own team yet.", "zh-TW": "我還沒有你們團隊自己的文件。" };
  return {
    en: `I know ${own} document${own === 1 ? "" : "s"} of your team.`,
    "zh-TW": `我有你們團隊的 ${own} 份文件。`,
  };
}
