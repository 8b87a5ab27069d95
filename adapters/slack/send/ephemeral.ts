// Sends a finished answer to the asker alone, by whichever route Slack leaves open.

import { z } from "zod";
import type { Language } from "../../../src/core/language.ts";
import type { Runtime } from "../../../src/core/runtime.ts";
import { LONGEST_ECHO, truncate } from "../../../src/core/text.ts";
import { SlackRefusal, SlackSilence, type CallSlack } from "../api.ts";
import { context } from "../render/blocks.ts";
import { OUTSIDE } from "../messages.ts";
import type { Destination } from "../destination.ts";
import type { Page } from "../render/render.ts";
import { inWords } from "./messages.ts";
import { blameOf } from "./refused.ts";

const Opened = z.looseObject({ channel: z.looseObject({ id: z.string() }) });

/** A response URL may be used five times; one use is the announcement. */
const MOST_BY_URL = 4;
const URL_LIMIT_MS = 10_000;
/** Stands for a method's name in a refusal. */
const RESPONSE_URL = "response_url";

/** Hands over one page; throws where this way is closed. */
type EphemeralRoute = (page: Page, signal: AbortSignal) => Promise<void>;

export interface EphemeralTarget {
  call: CallSlack;
  runtime: Pick<Runtime, "fetch">;
  /** Stands above the answer when it ends up in a direct message, saying why. In mrkdwn. */
  notice: string;
  /** Whether the channel may see it where Slack lets that happen. */
  isPublic: boolean;
  /** Told of what Slack refused on the way, while another way is tried. */
  tell?: (refused: SlackRefusal) => void;
}

/** Sends the pages from number `sent` on; returns how many have been sent now. Throws what the last way threw. */
export async function sendEphemeral(
  pages: readonly Page[],
  sent: number,
  destination: Destination,
  target: EphemeralTarget,
  signal: AbortSignal,
): Promise<number> {
  let failure: unknown;
  for (const route of routesTo(destination, target, pages.length)) {
    try {
      while (sent < pages.length) {
        await wholeOrInWords(route, pages[sent]!, target, signal);
        sent++;
      }
      return sent;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof SlackRefusal || error instanceof SlackSilence)) throw error;
      failure = error;
      tellOf(error, target);
    }
  }
  throw failure;
}

/** Where Slack refuses the form, the words alone are tried once. */
async function wholeOrInWords(
  route: EphemeralRoute,
  page: Page,
  target: EphemeralTarget,
  signal: AbortSignal,
): Promise<void> {
  try {
    await route(page, signal);
  } catch (error) {
    const isRefused = error instanceof SlackRefusal && blameOf(error) === undefined;
    if (!isRefused || page.blocks.length === 0) throw error;
    tellOf(error, target);
    await route(inWords(page), signal);
  }
}

/** That a response URL has run out is nothing to tell. */
function tellOf(error: SlackRefusal | SlackSilence, { tell }: EphemeralTarget): void {
  if (error instanceof SlackRefusal && error.method !== RESPONSE_URL) tell?.(error);
}

/** The URL comes first where it replaces what stands there, else where Heed itself may not speak. */
function routesTo(destination: Destination, target: EphemeralTarget, pages: number): EphemeralRoute[] {
  const { responseUrl, replacesResponse, isDirect } = destination;
  const own = isDirect ? [byMessage(destination, target)] : target.isPublic ? [] : [byEphemeral(destination, target)];
  const url = responseUrl && pages <= MOST_BY_URL ? [byUrl(responseUrl, destination, target)] : [];
  return [...(replacesResponse ? [...url, ...own] : [...own, ...url]), byDirectMessage(destination, target)];
}

function byUrl(
  url: string,
  { replacesResponse, thread }: Destination,
  { runtime, isPublic }: EphemeralTarget,
): EphemeralRoute {
  let isFirst = true;
  return async ({ text, blocks }, signal) => {
    const response_type = isPublic ? "in_channel" : "ephemeral";
    const reply = { text, blocks, response_type, replace_original: replacesResponse && isFirst, thread_ts: thread };
    await respond(url, reply, runtime, signal);
    isFirst = false;
  };
}

function byEphemeral({ channel, user, thread }: Destination, { call }: EphemeralTarget): EphemeralRoute {
  return async ({ text, blocks }, signal) => {
    await call("chat.postEphemeral", { channel, user, thread_ts: thread, text, blocks }, signal);
  };
}

function byMessage({ channel, thread }: Destination, { call }: EphemeralTarget): EphemeralRoute {
  return async ({ text, blocks }, signal) => {
    await call("chat.postMessage", { channel, thread_ts: thread, text, blocks, unfurl_links: false }, signal);
  };
}

function byDirectMessage({ user }: Destination, { call, notice }: EphemeralTarget): EphemeralRoute {
  let channel: string | undefined;
  let isFirst = true;
  return async ({ text, blocks }, signal) => {
    channel ??= await openDirect(user, call, signal);
    const above = isFirst ? notice : "";
    const said = blocks.length > 0 ? text : [above, text].filter(Boolean).join("\n\n");
    const shown = blocks.length > 0 ? [...context([above]), ...blocks] : [];
    await call("chat.postMessage", { channel, text: said, blocks: shown, unfurl_links: false, parse: "none" }, signal);
    isFirst = false;
  };
}

/** To the asker, where Heed can show nothing before the answer is done. Whether it arrives changes nothing. */
export async function announce(
  { responseUrl }: Destination,
  language: Language,
  { fetch, log }: Pick<Runtime, "fetch" | "log">,
  signal: AbortSignal,
): Promise<void> {
  if (!responseUrl) return;
  const reply = { response_type: "ephemeral", text: OUTSIDE[language] };
  await respond(responseUrl, reply, { fetch }, signal).catch((error: unknown) =>
    log.debug("slack could not be told", { error }),
  );
}

/** The channel of Heed's direct messages with a person. Throws what the call throws. */
export async function openDirect(user: string, call: CallSlack, signal: AbortSignal): Promise<string> {
  return Opened.parse(await call("conversations.open", { users: user }, signal)).channel.id;
}

/** One use of a response URL. Throws SlackRefusal where it has expired or is used up, SlackSilence where nobody answers. */
export async function respond(
  url: string,
  reply: object,
  { fetch }: Pick<Runtime, "fetch">,
  signal?: AbortSignal,
): Promise<void> {
  const limit = AbortSignal.timeout(URL_LIMIT_MS);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(reply),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    text = await response.text();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new SlackSilence("response_url: no answer", { cause });
  }
  if (!response.ok || text.includes('"ok":false'))
    throw new SlackRefusal(RESPONSE_URL, `${response.status} ${truncate(text, LONGEST_ECHO)}`);
}
