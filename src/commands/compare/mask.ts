// A model that says who it is would end a blind comparison: where it speaks of itself, the names of models are covered.

const COVER = "▒▒▒";

/** Makers and families, with what follows of a version. Makers whose name is an everyday word are left out. */
const NAME =
  "(?:open\\s?ai|anthropic|(?:chat)?gpt|claude|mi[sx]tral|mini?stral|magistral|codestral|devstral|le chat|llama|meta ai|ollama|qwen|deepseek|gemini|gemma|kimi|moonshot|chatglm|glm|grok|xai|hugging\\s?face|google deepmind|通義千問|通义千问|文心一言|豆包)" +
  "(?:[\\s-]?(?:ai|oss|opus|sonnet|haiku|fable|astra|sol|terra|luna|large|medium|small|nemo|instruct|turbo|mini|pro|flash|latest|\\d+(?:\\.\\d+)*[a-z]?)(?![\\p{L}]))*";
const NAMES = new RegExp(`(?<![\\p{Script=Latin}])${NAME}`, "giu");
const BEFORE = "^[\\s*_#>–—-]*(?:as |by |from |身為|作為)?[\\s*_]*";

/** Signs that a sentence speaks of its speaker: the first person, a maker, a name alone in a line or before a colon. */
const OF_ITSELF = [
  /(?<![\p{L}])(?:I|I['’]m|my|me|myself|as an? (?:ai|language model|assistant)|this (?:model|assistant|answer))(?![\p{L}])/iu,
  /(?:written|made|trained|developed|created|built|powered|generated) by/i,
  /我|本人|本模型|身為|作為|由.{0,20}(?:開發|訓練|打造|撰寫)/u,
  new RegExp(`${BEFORE}${NAME}[*_]*\\s*(?:[,:，：]|[^\\p{L}\\p{N}]*$)`, "iu"),
];
/** A dot inside a word or a number ends no sentence. */
const SENTENCES = /(?:[^.!?。！？\n]|[.!?](?=\S))+[.!?。！？\n]*/gu;

/** The same words, with the speaker's own names covered. A name that is the subject of the answer stays. */
export function coverNames(text: string): string {
  return text.replace(SENTENCES, (sentence) =>
    OF_ITSELF.some((sign) => sign.test(sentence)) ? sentence.replace(NAMES, COVER) : sentence,
  );
}
