// Renders what can be done next: at most five buttons, the rest in a list behind "More".

import type { Post } from "../../../src/core/post.ts";
import type { Json } from "../../../src/core/runtime.ts";
import { clip } from "../../../src/core/text.ts";
import type { Destination } from "../destination.ts";
import { MORE, STOP } from "../../kit/phrases.ts";
import { ASK_AGAIN, OPEN_THREAD, SHOW_QUOTES } from "../messages.ts";
import { writeReference } from "./reference.ts";

const ROW = 1;
const BUTTON = 2;
const SELECT = 3;
const SECONDARY = 2;
const DANGER = 4;
const MOST_BUTTONS = 5;
const MOST_CHOICES = 25;
/** A message has five rows, and the first holds the buttons. */
const MOST_LISTS = 4;
const LONGEST_LABEL = 80;

interface Step {
  label: string;
  reference: string;
}

export interface Frame extends Pick<Destination, "job" | "canAskAgain" | "canOpenThread" | "fileLimit"> {
  /** Who may stop it, signed. */
  permit: string;
}

export function renderButtons(post: Post, frame: Frame): Json[] {
  const { language, state } = post;
  if (state === "working")
    return [
      row([button({ label: STOP[language], reference: writeReference("stop", frame.job, frame.permit) }, DANGER)]),
    ];
  const { common, rare } = stepsOf(post, frame);
  const all = [...common, ...rare];
  if (all.length === 0) return [];
  if (all.length <= MOST_BUTTONS) return [row(all.map((step) => button(step)))];
  const first = common.slice(0, MOST_BUTTONS);
  const rest = [...common.slice(MOST_BUTTONS), ...rare];
  return [row(first.map((step) => button(step))), ...listsOf(rest, MORE[language], frame.job)];
}

/** What belongs to this very answer stands before what every answer offers. */
function stepsOf({ actions, sources, language }: Post, { job, canAskAgain, canOpenThread }: Frame) {
  const own = actions
    .map(({ label, differsIn }, i) => ({ label, differsIn, reference: writeReference("act", job, String(i)) }))
    // The form of "Ask again with …" asks for that, with every value there is.
    .filter(({ differsIn }) => !(canAskAgain && differsIn));
  const hasQuotes = sources.some(({ quote }) => quote.trim());
  const quotes = hasQuotes ? [{ label: SHOW_QUOTES[language], reference: writeReference("quote", job) }] : [];
  const fit = MOST_BUTTONS - quotes.length;
  return {
    common: [...own.slice(0, fit), ...quotes, ...own.slice(fit)],
    rare: [
      ...(canAskAgain ? [{ label: ASK_AGAIN[language], reference: writeReference("again", job) }] : []),
      ...(canOpenThread ? [{ label: OPEN_THREAD[language], reference: writeReference("thread", job) }] : []),
    ],
  };
}

function row(components: Json[]): Json {
  return { type: ROW, components };
}

function button({ label, reference }: Step, style = SECONDARY): Json {
  return { type: BUTTON, style, label: labelOf(label), custom_id: reference };
}

function listsOf(steps: readonly Step[], placeholder: string, job: string): Json[] {
  const lists = Array.from({ length: Math.ceil(steps.length / MOST_CHOICES) }, (_, i) =>
    steps.slice(i * MOST_CHOICES, (i + 1) * MOST_CHOICES),
  );
  return lists.slice(0, MOST_LISTS).map((list, i) =>
    row([
      {
        type: SELECT,
        custom_id: writeReference("more", job, String(i)),
        placeholder,
        options: list.map(({ label, reference }) => ({ label: labelOf(label), value: reference })),
      },
    ]),
  );
}

function labelOf(label: string): string {
  const flat = label.replace(/\s+/g, " ").trim() || "…";
  return clip(flat, LONGEST_LABEL);
}
