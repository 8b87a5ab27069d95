// Recognises what is said to Heed itself: a greeting, thanks, "who are you?", "how do I add my documents?", emoji alone.

/** What a message says to Heed; of several things, the one that wants most of an answer. */
export type SmallTalk =
  | "adding"
  | "listing"
  | "abilities"
  | "help"
  | "identity"
  | "thanks"
  | "praise"
  | "farewell"
  | "greeting";

/** UTF-16 units. Whoever writes more than this has something else to say. */
const LONGEST = 120;

const HEED = "(?:heed|hee|you|u|yourself|(?:this|the|your) (?:bot|assistant|chatbot))";
const DOCUMENTS =
  "(?:(?:my|our|a|an|some|the|own|new|more|company|team|another|few|of|to you|pdf|word|markdown) ){0,4}(?:documents?|docs?|files?|pdfs?|handbooks?|knowledge)";
const INTO =
  "(?: (?:to|into|in|with|for|on) (?:you|heed|here|the knowledge base|your knowledge(?: base)?|this bot|the bot))?(?: here)?";
const PUT = "(?:add|upload|load|import|attach|feed|give|send|share|put|provide|teach|index)";
const MADE = "(?:made|created|built|developed|wrote|designed|owns)";

/** Words around what is said, which say nothing themselves. */
const FILLERS = {
  en: "there|all|everyone|everybody|guys|folks|team|heed|bot|robot|buddy|friend|mate|again|please|pls|plz|so|very|really|just|well|oh|and|but|then|now|today|sorry|excuse me|(?:can|could|would|will) you (?:please )?tell me|may i ask|i (?:want|would like|d like) to know|(?:quick |one )?question|to you|my friend|here|for now|hey|um+|hmm+",
  zh: "請問|请问|想請問|想问|想問|請教|不好意思|抱歉|打擾了?|一下|大家|各位|所以|那|那麼|然後|還有|嗯+|呃|喔|哦|噢|啊|啦|呢|嗎|吗|喲|哟|呀|唷|耶|欸|誒|囉|啰|了|的|我想知道|可以告訴我|告訴我|先|機器人|小幫手|助理|heed",
} as const;

/** Each kind's ways to be said, in normalised words: lower case, no punctuation, one blank between Latin words, none beside a Han character but for punctuation. */
const SAID: Readonly<Record<SmallTalk, { en: string; zh: string }>> = {
  adding: {
    en: [
      `(?:how|where) (?:do|can|should|could|would|to|may)(?: (?:i|we|you|one))? ${PUT}(?: you)? ${DOCUMENTS}${INTO}`,
      `(?:can|could|may) (?:i|we) ${PUT}(?: you)? ${DOCUMENTS}${INTO}`,
      `i (?:want|need|would like|d like|wanna) to ${PUT}(?: you)? ${DOCUMENTS}${INTO}`,
      `${PUT} (?:my|our|own|new|some) (?:own )?(?:documents?|docs?|files?|pdfs?)${INTO}`,
      `how (?:do|can|should) (?:i|we) teach you(?: (?:things|something|stuff|new things))?`,
    ].join("|"),
    zh: [
      "(?:我們?)?(?:要|可以|該|能|想)?(?:怎麼|怎么|怎樣|如何|在哪裡?|哪裡可以)(?:才能|才可以|可以)?(?:幫?你)?(?:新增|增加|加入|加進|添加|加上|加|上傳|上传|匯入|导入|載入|放入|放|丟|餵|傳|給你|讓你讀)(?:我們?的?|自己的?|公司的?|團隊的?|新的?|更多的?|一些|一份)*(?:文件|檔案|文檔|文档|資料夾|PDF|pdf|手冊)(?:給你|进来|進來|進去|上來|上去|到?(?:這裡|知識庫|你這裡?)(?:裡|裡面)?)?",
      "(?:怎麼|怎么|如何)(?:把|將)(?:我們?的?|自己的?|公司的?|團隊的?)*(?:文件|檔案|文檔|資料|PDF|pdf|手冊)(?:加|上傳|放|傳|匯入|匯|丟|餵|給)(?:進來|進去|給你|上來|到?(?:這裡|知識庫|你這裡?)(?:裡|裡面)?|你)?",
      "(?:我們?的?|自己的?|公司的?|新的?)*(?:文件|檔案|文檔|PDF|pdf)(?:要|可以|該)?(?:怎麼|怎么|如何|在哪裡?)(?:新增|加入|加|上傳|匯入|放|傳)(?:進來|進去|給你|上來|到?(?:這裡|知識庫))?",
      "(?:我們?)?(?:可以|能不能|能|可不可以|想要?)(?:新增|加入|加|上傳|匯入|放|傳)(?:我們?的?|自己的?|公司的?)*(?:文件|檔案|文檔)(?:給你|進來|到?(?:這裡|知識庫))",
    ].join("|"),
  },
  listing: {
    en: `(?:what|which) (?:documents|docs|files) (?:do you (?:have|know|read)|have you (?:got|read)|are (?:you reading|(?:in )?your knowledge(?: base)?|loaded(?: here)?|in here))|what (?:do you know(?: about)?|have you read|is your knowledge base|are your sources)`,
    zh: "你(?:有|讀過|看過|知道|認得)(?:哪些|什麼|甚麼)(?:文件|檔案|資料)?|你(?:都)?(?:知道|懂)(?:些)?(?:什麼|甚麼|哪些(?:事情?|東西)?)|(?:你的)?知識庫(?:裡面?)?有(?:哪些|什麼)(?:文件|檔案|資料)?",
  },
  abilities: {
    en: [
      `what (?:all )?(?:can|could|do|will|would) ${HEED} (?:do|help(?: me| us)?(?: with)?|answer|offer)(?: (?:for|with) (?:me|us))?`,
      `what (?:else )?(?:can|could|should|may) (?:i|we) (?:ask|do with|use)(?: ${HEED}| you about)?(?: for)?`,
      `what (?:are you|is ${HEED}) (?:for|good at|good for|able to do|capable of)`,
      `what are your (?:commands|features|abilities|capabilities|skills|functions)`,
      `(?:what|which) commands (?:do you (?:have|know|understand)|can i use|are there)`,
      `how (?:do|does|can|should|could) (?:i|we|one) (?:use|talk to|work with|chat with|interact with|query) ${HEED}`,
      `how (?:do|does) ${HEED} work|how can ${HEED} help(?: me| us)?|how to use ${HEED}`,
      `(?:show|tell) me what you can do|what do you do`,
    ].join("|"),
    zh: [
      "(?:你|您|heed|這個?機器人)(?:到底|都|還|究竟)?(?:會|会|能|可以|能夠|可)(?:幫|帮|為|替)?(?:我們?|大家)?(?:做|幫忙|回答|處理|幫)?(?:些)?(?:什麼|甚麼|什么|啥|哪些)(?:事情?|東西|問題|忙)?",
      "(?:你|您|heed|這個?機器人)(?:有|提供)(?:什麼|甚麼|什么|哪些)(?:功能|指令|能力|用處|本事)|(?:你|您)的功能(?:是什麼|有哪些|是什么)?|(?:你|您)是(?:做|幹)(?:什麼|啥)的?",
      "(?:要|該|我|我們)*(?:怎麼|怎么|如何|怎樣)(?:用|使用|跟|和)(?:你|您|heed|這個?機器人)(?:說話|對話|聊天|互動|溝通)?|(?:你|您|heed)(?:要|該)?(?:怎麼|怎么|如何)(?:使用|用|運作)",
      "(?:我們?)?(?:可以|能)(?:跟|向)?(?:你|您)?(?:問|詢問)(?:你|您)?(?:什麼|甚麼|什么|哪些)(?:事情?|東西|問題)?|(?:有哪些|有什麼)指令(?:可以用|可用)?",
    ].join("|"),
  },
  help: {
    en: `help(?: me| us)?(?: out)?|(?:can|could|would|will) ${HEED} help(?: me| us)?(?: out)?|(?:i|we) (?:need|want)(?: some| your)? help|any help|i am (?:lost|new(?: here)?)|im (?:lost|new(?: here)?)`,
    zh: "幫助|幫忙|幫幫忙|幫幫?我|救命|救我|求助|求救|(?:我)?需要(?:你的?)?(?:幫助|幫忙)|(?:你)?(?:可以|能|可不可以|能不能)(?:幫|幫忙|協助)(?:我|一下|個忙)*|我是新(?:來的|人)",
  },
  identity: {
    en: [
      `(?:who|what) (?:are|r) (?:you|u)(?: exactly| really)?|who (?:is|s) (?:this|heed)|whos (?:this|heed)|what (?:is|s) heed|whats heed`,
      `what(?: is|s) your name|(?:do you have|have you got) a name|what (?:should|can|do) (?:i|we) call you`,
      `introduce yourself|tell (?:me|us) (?:about|who) (?:yourself|you are)|tell (?:me|us) (?:something|more|a bit) about yourself`,
      `are you (?:a |an |the )?(?:really? )?(?:bot|robot|human|person|real|ai|llm|machine|chatgpt|gpt|claude|llama|program|model|alive)`,
      `(?:who|what company) ${MADE} you|which (?:model|llm|ai) (?:are you|do you use|is behind you)|what (?:model|llm|ai) (?:are you|do you use)`,
    ].join("|"),
    zh: [
      "(?:你|您)(?:到底|究竟)?是(?:誰|谁|哪位|什麼(?:東西)?|甚麼|什么|什麼(?:機器人|模型|助理)|哪(?:個|一個)模型)|(?:誰|谁)是(?:你|heed)|heed是(?:誰|什麼|甚麼|啥)|什麼是heed",
      "(?:你|您)(?:叫|的名字(?:是|叫)?)(?:什麼|甚麼|什么|啥)(?:名字)?|(?:你|您)(?:貴姓|的名字)|怎麼稱呼(?:你|您)?",
      "(?:請|你|可以|能)+(?:簡單)?(?:的)?(?:做個?)?(?:自我介紹|介紹(?:一下)?(?:你|您)?自己)|介紹(?:一下)?(?:你|您)自己",
      "(?:你|您)是(?:不是)?(?:一個)?(?:機器人|真人|人類?|ai|人工智慧|chatgpt|gpt|claude|程式|模型)|(?:誰|谁)(?:做|開發|寫|創造|設計|製作)(?:了|出)?(?:你|您)|(?:你|您)是(?:誰|谁)(?:做|開發|寫|創造|設計|製作)",
    ].join("|"),
  },
  thanks: {
    en: "(?:many |much |big )?(?:thanks|thank (?:you|u)|thankyou|thx|thanx|tysm|tyvm|cheers)(?: (?:you|so much|very much|a lot|a bunch|a million|a ton|in advance|anyway|for (?:(?:the|your|all|that|this|quick|great) ){0,3}(?:that|this|everything|help|helping(?: me| us)?|answers?|info|information|time|support|reply|it))){0,2}|(?:i )?(?:really )?appreciate (?:it|that|you|your help|the help)|(?:much|very much) appreciated|(?:i am|im) (?:so |very )?grateful",
    zh: "(?:非常|真的|真是|十分|太|多|好|先)*(?:謝{1,4}|谢{1,4}|感謝|感谢|感恩|感激|3q|3Q|多謝|拜謝)(?:你們?|您|妳|大家|各位|heed|的?(?:幫忙|幫助|回答|回覆|協助|說明|解答|解說)|喔|啦|囉|了|不盡|萬分)*|辛苦(?:你|您|大家)?了?",
  },
  praise: {
    en: `(?:good|great|nice|excellent|fantastic|amazing|awesome|brilliant|wonderful) (?:job|work|answer|one|stuff|bot|boy|girl|help|reply|to know)|well done|(?:that|this|it|you)(?: is| s| was|s| are| re|re)? (?:so |very |really |quite |the |a )?(?:great|helpful|perfect|awesome|amazing|useful|best|good|smart|clever|cool|nice|wonderful|brilliant|genius|lifesaver|what i needed|exactly what i needed|right|correct)|(?:great|perfect|awesome|excellent|amazing|brilliant|fantastic|wonderful|cool|nice|super|sweet|wow|lovely|ok(?:ay)?|k|got it|gotcha|i see|i understand|understood|makes sense|that makes sense|noted|lol|ha(?:ha)+|i (?:love|like) (?:you|it|this|that)|that helps|that helped(?: a lot)?|never ?mind|no problem|all good)`,
    zh: "(?:你|您|妳)?(?:真的|真是|真|好|太|很|超級?|非常|做得|答得|回答得|做的)+(?:棒|讚|赞|厲害|厉害|聰明|優秀|強|酷|貼心|有用|有幫助|好用|方便)|讚{1,3}|赞{1,3}|棒{1,3}|厲害|厉害|(?:做|答|回答|說)(?:得|的)(?:很|真|太|非常)?(?:好|棒|不錯|對)|(?:很|真|還)?不錯|好的?|好喔|好哦|ok(?:ay)?|了解|瞭解|收到|知道|我知道|懂|我懂|明白|我明白|原來如此|沒事|沒問題|哈{2,}|呵{2,}|我愛你|愛你|愛死你",
  },
  farewell: {
    en: "(?:good[ -]?)?bye(?:[ -]bye)?|see (?:you|ya|u)(?: (?:later|soon|tomorrow|around|next time|next week|then))?|cya|ttyl|talk to you (?:later|soon|tomorrow)|take care|farewell|so long|(?:have|enjoy) (?:a |your )?(?:(?:nice|good|great|lovely) )?(?:day|weekend|evening|night|one|lunch)|good night|i (?:have|got) to go|gotta go|until (?:next time|tomorrow)",
    zh: "(?:掰|拜){1,3}|再見|再见|晚安|(?:下次|明天|改天|回頭|待會|等等)(?:見|再聊|再見)|先這樣|我先(?:走|下線|離開)|保重|(?:週末|周末)愉快",
  },
  greeting: {
    en: "hi+(?:ya)?|hello+|hey+(?: hey)?|hullo|hallo|hola|howdy|yo|greetings|salutations|good (?:morning|afternoon|evening|day)|(?:good )?morning|welcome(?: back)?|how (?:are|r) (?:you|u|things)(?: doing)?(?: today)?|hows it going|how is it going|how do you do|how have you been|whats up|what is up|wassup|nice to (?:meet|see) you|pleased to meet you|(?:are|r) you (?:there|online|awake|working|alive|up)|(?:anyone|anybody|is anyone|is anybody) (?:there|home)|long time no see|happy (?:new year|friday|monday|holidays)|merry christmas",
    zh: "(?:你|您|妳|大家|各位|妳們|你們)?好(?:啊|呀|喔|哇|嗎)?|(?:嗨|哈囉|哈啰|哈嘍|嘿|嗨囉|哈羅|喂){1,3}|早安?|早上好|午安|下午好|晚上好|安安|嗨嗨|(?:你|您|妳)(?:還|最近|今天)?好(?:嗎|不好)|最近(?:好嗎|如何|怎麼樣)|(?:你|您)?(?:還)?在(?:嗎|不在|線上嗎)|有人(?:在)?(?:嗎|在嗎)|(?:很)?高興(?:認識|見到)(?:你|您)|初次見面|(?:新年|聖誕|中秋節?|端午節?)快樂|好久不見",
  },
};

/** The kinds, the one that wants most of an answer first. */
const KINDS = Object.keys(SAID) as readonly SmallTalk[];
/** A Latin word ends where no letter of its script goes on; Han characters need no blank between them. */
const END = "(?![\\p{Script=Latin}\\p{N}-])";
const PARTS: readonly (readonly [kind: SmallTalk | "filler", pattern: RegExp])[] = [
  ...KINDS.map((kind) => [kind, patternOf(SAID[kind])] as const),
  ["filler", patternOf(FILLERS)],
];

const EMOJI_CODE = /<a?:\w{1,50}:\d{1,25}>|:[\w+-]{1,50}:/gu;
const EMOJI = /[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}|\p{RI}/gu;
/** ":)", ";-P", "<3", "^_^", "XD" */
const EMOTICON = /(?<![\p{L}\p{N}])(?:[:;=]['’]?-?[()DPpOo3|/]|<3|\^_?\^|[xX]D+|T_T|QQ)(?![\p{L}\p{N}])/gu;

/**
 * What a whole message says to Heed itself; undefined where any of it says something else, so that a greeting in front of
 * a question is none.
 */
export function smallTalkIn(message: string): SmallTalk | undefined {
  if (message.length > LONGEST) return undefined;
  const rest = message.replace(EMOJI_CODE, " ").replace(EMOJI, " ").replace(EMOTICON, " ");
  const words = normalised(rest);
  if (!words) return rest === message ? undefined : "greeting";
  const kinds = kindsAlong(words);
  return kinds && KINDS.find((kind) => kinds.has(kind));
}

function normalised(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/['’`´]/gu, "")
    .replace(/(?!(?<=\p{L})-\p{L})[^\p{L}\p{N}]/gu, " ")
    .replace(/ +/g, " ")
    .replace(/(?<=\p{Script=Han}) (?=[a-z])|(?<=[a-z]) (?=\p{Script=Han})/gu, "")
    .trim();
}

/** The kinds that the words are made of from end to end, along the way that names most; undefined where there is none. */
function kindsAlong(words: string): ReadonlySet<SmallTalk | "filler"> | undefined {
  const reached = new Map<number, ReadonlySet<SmallTalk | "filler">>([[0, new Set()]]);
  for (let at = 0; at < words.length; at++) {
    const kinds = reached.get(at);
    if (!kinds) continue;
    for (const [kind, pattern] of PARTS) {
      const end = endOf(pattern, words, at);
      if (end === undefined) continue;
      const next = words[end] === " " ? end + 1 : end;
      const together = new Set([...kinds, kind]);
      if (together.size > (reached.get(next)?.size ?? 0)) reached.set(next, together);
    }
  }
  return reached.get(words.length);
}

function endOf(pattern: RegExp, words: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(words) ? pattern.lastIndex : undefined;
}

function patternOf({ en, zh }: { en: string; zh: string }): RegExp {
  return new RegExp(`(?:(?:${en})${END}|(?:${zh.toLowerCase()})(?:[呢啊嗎吗啦喔哦呀耶囉了]|嘛)*)`, "uy");
}
