// Types for the two packages of this room that bring none for what is used of them.

declare module "snowball-stemmers" {
  const snowball: { newStemmer(language: "english"): { stem(word: string): string } };
  export default snowball;
}

/** Pairs of a Traditional character and its Simplified form: "㑯 㑔|㑳 㑇|...". */
declare module "opencc-js/dict/TSCharacters" {
  const pairs: string;
  export default pairs;
}
