// Turns Markdown into Slack's mrkdwn, escaped so that it mentions nobody.

import {
  beforeFence,
  codeInLine,
  createLineReader,
  linesOf,
  withClosedBlocks,
  type Line,
  type TextLine,
} from "../../../src/core/markdown.ts";
import { plainOf } from "../../../src/core/markdown-inline.ts";

const BULLETS = ["•", "◦", "▪"];
const INDENT = "    ";
/** Slack sees emphasis only beside white space; this stands in for it beside full-width punctuation and letters. */
const ZERO_WIDTH = "\u200B";
const LONGEST_URL = 2500;
const PINGS = /@(?=(?:channel|here|everyone)\b)/gi;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  nbsp: " ",
  "#39": "'",
};

/** What may stand inside a line, the tightest first. */
const INLINE = new RegExp(
  [
    /(?<ticks>`+)(?<code>[^`](?:[\s\S]*?[^`])??)\k<ticks>(?!`)/u,
    /!?\[(?<label>(?:[^[\]\n]|\[[^\]\n]*\])*)\]\((?:<(?<angled>[^>\n]+)>|(?<target>[^\s()]*(?:\([^\s()]*\)[^\s()]*)*))(?:\s+"[^"\n]*")?\)/u,
    /\*\*\*(?<both>[^\s*](?:.*?[^\s*])?)\*\*\*/u,
    /\*\*(?<bold>\S(?:.*?\S)??)\*\*(?!\*)/u,
    /(?<![\p{L}\p{N}_])__(?<bold2>\S(?:.*?\S)??)__(?![\p{L}\p{N}_])/u,
    /~~(?<struck>\S(?:.*?\S)??)~~/u,
    /(?<![\p{Script=Latin}\p{N}*])\*(?<italic>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\p{Script=Latin}\p{N}*])/u,
    /(?<![\p{L}\p{N}_])_(?<italic2>[^\s_](?:[^_\n]*[^\s_])?)_(?![\p{L}\p{N}_])/u,
    /<(?<auto>(?:https?:\/\/|mailto:)[^\s<>|]+)>/u,
    /(?<bare>https?:\/\/[^\s<>|"'`*，。；：！？（）「」『』【】、)\]]+[^\s<>|"'`*，。；：！？（）「」『』【】、)\].,;:!?])/u,
    /(?<br><br\s*\/?>)/u,
    /\\(?<escaped>[\\`*_{}[\]()#+\-.!~>|]|$)/u,
    /&(?<entity>amp|lt|gt|quot|nbsp|#39);/u,
  ]
    .map(({ source }) => source)
    .join("|"),
  "giu",
);

/** A whole text; its code blocks stay whole, so hand in pieces whose blocks are closed. */
export function toMrkdwn(markdown: string): string {
  const read = createLineReader();
  const render = (line: string) => renderLine(read(line));
  return Array.from(linesOf(withClosedBlocks(markdown)), (line) => {
    if (line.role === "outside") return render(line.text);
    const before = beforeFence(line.text);
    return line.role === "opens" && before.trim() ? `${render(before)}\`\`\`` : renderCode(line);
  }).join("\n");
}

/** Slack knows one mark, at the head of a line or behind its quote marks, and would show a language as code. */
function renderCode(line: TextLine): string {
  const quote = line.fence!.prefix.replace(/[^>]/g, "").replaceAll(">", "> ");
  return quote + (line.role === "inside" ? escapeCode(codeInLine(line)) : "```");
}

/** One line's inside: emphasis, code, links; no lists or headings. */
export function inline(text: string): string {
  let done = 0;
  let out = "";
  for (const match of text.matchAll(INLINE)) {
    out += escapeText(text.slice(done, match.index));
    done = match.index + match[0].length;
    out += renderMatch(match.groups ?? {}, out.at(-1), text[done]);
  }
  return out + escapeText(text.slice(done));
}

/** Text that shall be seen as it is: no markup of Slack's can come out of it, so nothing in it pings. */
export function escapeText(text: string): string {
  return guardPings(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Without the words by which Slack's clients call a whole channel. */
export function guardPings(text: string): string {
  return text.replace(PINGS, `@${ZERO_WIDTH}`);
}

const MENTIONS = /<(?=@[A-Z0-9]|#C|!(?:channel|here|everyone|subteam|date))/gi;

/** For places that take plain text or Markdown as it is, where nothing can be escaped. */
export function defuse(text: string): string {
  return guardPings(text).replace(MENTIONS, `<${ZERO_WIDTH}`);
}

/** A link; where the address is none that a chat should open, its label alone. */
export function link(url: string, label: string): string {
  const shown = escapeText(label.replace(/[|\n]+/g, " ")).trim();
  if (!/^(?:https?:\/\/|mailto:)\S/i.test(url) || url.length > LONGEST_URL) return shown;
  const target = url.replace(/[<>|\s]/g, encodeURIComponent).replaceAll("&", "&amp;");
  return shown && shown !== target ? `<${target}|${shown}>` : `<${target}>`;
}

function renderLine(line: Line): string {
  switch (line.type) {
    case "heading":
      return line.text ? emphasise("*", line.text.replace(/\*\*|__/g, ""), undefined, undefined) : "";
    case "item":
      return `${INDENT.repeat(line.level)}${bullet(line)} ${inline(line.text.replace(/^\[[ xX]\]\s/, ""))}`;
    case "quote":
      return `${"> ".repeat(line.depth)}${inline(line.text)}`;
    case "rule":
      return "———";
    case "text":
      return inline(line.text);
  }
}

function bullet({ mark, level, text }: Extract<Line, { type: "item" }>): string {
  if (/^\[ \]\s/.test(text)) return "☐";
  if (/^\[[xX]\]\s/.test(text)) return "☑";
  return /^\d/.test(mark) ? mark : (BULLETS[level % BULLETS.length] ?? "•");
}

function renderMatch(found: Record<string, string | undefined>, before?: string, after?: string): string {
  const { code, label, angled, target, both, bold = found["bold2"], italic = found["italic2"], struck } = found;
  if (code !== undefined) return beside(`\`${escapeCode(code.replaceAll("`", "'"))}\``, before, after);
  if (label !== undefined) return link(angled ?? target ?? "", plainOf(label));
  if (both !== undefined) return emphasise("*", `_${both}_`, before, after);
  if (bold !== undefined) return emphasise("*", bold, before, after);
  if (italic !== undefined) return emphasise("_", italic, before, after);
  if (struck !== undefined) return emphasise("~", struck, before, after);
  if (found["br"] !== undefined) return "\n";
  if (found["entity"] !== undefined) return escapeText(ENTITIES[found["entity"]] ?? "");
  const address = found["auto"] ?? found["bare"];
  return address === undefined ? literally(found["escaped"] ?? "") : link(address, "");
}

/** A mark that is meant as itself opens nothing beside white space. */
function literally(mark: string): string {
  return /[*_~`]/.test(mark) ? mark + ZERO_WIDTH : escapeText(mark);
}

function emphasise(mark: string, text: string, before: string | undefined, after: string | undefined): string {
  const inner = inline(text.trim()).replaceAll(mark, mark === "*" ? "∗" : mark);
  return inner.includes("\n") ? inner : beside(`${mark}${inner}${mark}`, before, after);
}

function beside(marked: string, before: string | undefined, after: string | undefined): string {
  const left = before === undefined || /\s/.test(before) ? "" : ZERO_WIDTH;
  const right = after === undefined || /\s/.test(after) ? "" : ZERO_WIDTH;
  return left + marked + right;
}

/** Inside code only the three characters count, and a run of ticks that would end the block. */
function escapeCode(code: string): string {
  const text = guardPings(code).replaceAll("```", `\`${ZERO_WIDTH}\`\``);
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
