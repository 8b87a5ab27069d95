// Finds the options of a typed line, alike for whoever decides what the line means and for whoever runs it.

/** Whether an option takes a value, is none that is known, or is a word like any other. */
export type OptionKind = "flag" | "value" | "unknown" | "word";

export interface TypedOption {
  /** As it was typed, without its dashes. */
  name: string;
  /** Without quotes; empty where none was typed. */
  value: string;
  /** The option as it stands in the line. */
  raw: string;
}

export interface TypedOptions {
  /** Those before the words, then those behind them. */
  leading: readonly TypedOption[];
  words: string;
  trailing: readonly TypedOption[];
}

/** Phones and word processors make one long dash of two short ones. */
export const DASHES = "--|[—―]|––|－－";
const NAME = new RegExp(String.raw`(${DASHES})(\p{L}[\p{L}\p{N}_-]*)(?=[=＝\s]|$)`, "uy");
const VALUE = /(?:[=＝]|\s+)("[^"]*"|'[^']*'|“[^”]*”|「[^」]*」|(?!--)\S+)(?=\s|$)/uy;
const ASSIGNED = /[=＝]("[^"]*"|'[^']*'|“[^”]*”|「[^」]*」|\S*)(?=\s|$)/uy;
const WORD = /\S+/uy;
const SPACE = /\s+/uy;
const QUOTED = /^(?:"([^"]*)"|'([^']*)'|“([^”]*)”|「([^」]*)」)$/u;

/** Options stand before or behind the words, never inside them: "what does --help do there?" holds none. */
export function readOptions(line: string, kindOf: (name: string) => OptionKind): TypedOptions {
  const tokens = tokensOf(line, kindOf);
  const first = tokens.findIndex(({ option }) => !option);
  if (first < 0) return { leading: tokens.flatMap(({ option }) => option ?? []), words: "", trailing: [] };
  const last = tokens.findLastIndex(({ option }) => !option);
  return {
    leading: tokens.slice(0, first).flatMap(({ option }) => option ?? []),
    words: line.slice(tokens[first]?.start, tokens[last]?.end),
    trailing: tokens.slice(last + 1).flatMap(({ option }) => option ?? []),
  };
}

/** The text inside a pair of quotes that holds all of it. */
export function unquote(text: string): string {
  return (
    QUOTED.exec(text)
      ?.slice(1)
      .find((inner) => inner !== undefined) ?? text
  );
}

interface Token {
  start: number;
  end: number;
  option: TypedOption | undefined;
}

function tokensOf(line: string, kindOf: (name: string) => OptionKind): Token[] {
  const tokens: Token[] = [];
  for (let at = endOf(SPACE, line, 0); at < line.length; at = endOf(SPACE, line, at)) {
    const option = optionAt(at, line, kindOf);
    const end = option ? at + option.raw.length : endOf(WORD, line, at);
    tokens.push({ start: at, end, option });
    at = end;
  }
  return tokens;
}

function optionAt(at: number, line: string, kindOf: (name: string) => OptionKind): TypedOption | undefined {
  const [head = "", dashes = "", name = ""] = matchAt(NAME, line, at) ?? [];
  if (!name) return undefined;
  const kind = kindOf(name);
  if (kind === "word" || (kind === "unknown" && dashes !== "--")) return undefined;
  // A flag takes no value, so the word behind it belongs to the rest.
  const [tail = "", value = ""] = matchAt(kind === "flag" ? ASSIGNED : VALUE, line, at + head.length) ?? [];
  return { name, value: unquote(value), raw: head + tail };
}

function matchAt(pattern: RegExp, line: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(line);
}

function endOf(pattern: RegExp, line: string, at: number): number {
  return at + (matchAt(pattern, line, at)?.[0].length ?? 0);
}
