// What every chat model shares, whatever its vendor: grounding, time limits, an honest end, one set of errors.

import type { Connection, Model, ModelEvent, Prompt } from "../core/model.ts";
import { wholeCharacters } from "../core/text.ts";
import { estimateTokens } from "../core/tokens.ts";
import type { World } from "../core/world.ts";
import { createEmbedder, type EmbedDialect } from "./embedder.ts";
import { capabilitiesOf, withRoomToThink, type Capabilities } from "./catalog/index.ts";
import { modelError, toBotError } from "./errors.ts";
import { ground } from "./grounding.ts";
import { within, type Limits } from "./limits.ts";
import { readList } from "./listing.ts";
import { endOf, type Brought } from "./stop-reasons.ts";
import { withoutTaggedThoughts } from "./tagged-thoughts.ts";
import type { Reason } from "./vendor-failure.ts";
import type { Beat, Dialect, Lister, Vendor } from "./vendor.ts";

/** What a provider says of its chat models. */
interface Offer {
  vendor: Vendor;
  dialect: Dialect;
  lister?: Lister;
  embed?: EmbedDialect;
  /** Whether a listed window is the one that every request gets; where there are several hosts, it is not. */
  listsWindows?: boolean;
  limits: Limits;
  /** The window that a person configured, in tokens. */
  context?: number | undefined;
}

/** One model of them. */
interface Speaker extends Offer {
  id: string;
  can: Capabilities;
  /** The ids of this provider's models that were seen to think. */
  thinkers: Set<string>;
}

export function offer(offered: Offer, world: World): Connection {
  const { vendor, lister, embed } = offered;
  const thinkers = new Set<string>();
  const live = new Map<string, number>();
  return {
    models: vendor.models,
    place: vendor.place ?? "vendor",
    ...(lister && {
      list: async (signal: AbortSignal) => {
        const listed = await readList(vendor, lister, { world, signal });
        for (const { id, window } of offered.listsWindows ? listed : []) if (window) live.set(id, window);
        return listed;
      },
    }),
    ...(embed && { embedder: (id: string) => createEmbedder(vendor, id, embed, world) }),
    // What a person configured, what the vendor's own list said, what the name tells.
    model: (id) =>
      createModel({ ...offered, id, can: capabilitiesOf(id, offered.context ?? live.get(id)), thinkers }, world),
  };
}

function createModel(speaker: Speaker, world: World): Model {
  return {
    name: `${speaker.vendor.provider}/${speaker.id}`,
    window: speaker.can.contextWindow,
    writes: true,
    prepare: () => speaker.dialect.prepare(),
    generate: (prompt, signal) => generate(speaker, prompt, { world, signal }),
  };
}

interface Surroundings {
  world: World;
  signal: AbortSignal;
}

async function* generate(speaker: Speaker, prompt: Prompt, around: Surroundings): AsyncGenerator<ModelEvent> {
  around.signal.throwIfAborted();
  const request = new AbortController();
  const { temperature } = prompt;
  const { id } = speaker;
  // The name does not tell of every model that it thinks.
  const can = { ...speaker.can, isReasoning: speaker.can.isReasoning || speaker.thinkers.has(id) };
  const said = ground(prompt);
  const asked = { id, can, ...said, maxTokens: limitOf(prompt, said, can), temperature };
  try {
    const stream = speaker.dialect.speak(asked, request.signal);
    yield* settle(speaker, onTime(withoutTaggedThoughts(stream), speaker, around), around);
  } finally {
    // Whoever leaves early, for whatever reason, closes the vendor's connection too.
    request.abort();
  }
}

function limitOf({ maxTokens }: Prompt, said: ReturnType<typeof ground>, can: Capabilities): number | undefined {
  if (maxTokens === undefined) return undefined;
  const texts = [said.system, ...said.messages.map(({ text }) => text)];
  return withRoomToThink(maxTokens, can, estimateTokens(texts.join("\n")) + FRAME_TOKENS * texts.length);
}

/** Tokens that a dialect puts around each message. */
const FRAME_TOKENS = 10;

/** UTF-16 units. No limit of tokens that is asked for allows more, but not every server keeps to it. */
const LONGEST_ANSWER = 200_000;

/** Passes text on at once; keeps the bill and the stop for the end, where a line that broke is told from an answer that is over. */
async function* settle(
  speaker: Speaker,
  beats: AsyncIterable<Beat>,
  { world, signal }: Surroundings,
): AsyncGenerator<ModelEvent> {
  const seen: Seen = { text: false, thoughts: false, toolCalls: false, stop: undefined, closed: false, begun: false };
  let failure: unknown;
  let length = 0;
  try {
    for await (const beat of beats) {
      note(beat, seen, speaker.id);
      if (beat.type === "thinking") speaker.thinkers.add(speaker.id);
      if (beat.type !== "text") continue;
      const room = LONGEST_ANSWER - length;
      length += beat.text.length;
      if (length <= LONGEST_ANSWER) {
        yield beat;
        continue;
      }
      yield { type: "text", text: beat.text.slice(0, wholeCharacters(beat.text, room)) };
      seen.stop = "length";
      break;
    }
  } catch (error) {
    signal.throwIfAborted();
    failure = toBotError(error, { ...speaker, hasText: seen.text }, { now: world.now(), begun: seen.begun });
  }
  signal.throwIfAborted();
  // What broke was billed until then; after the last word only the bill is missing.
  const reason = endOf(seen);
  if (seen.usage) yield seen.usage;
  if (reason === "broken")
    throw failure ?? modelError(seen.begun ? "connection-lost" : "unreadable", { ...speaker, hasText: seen.text });
  if (failure) world.log.debug("model.lost-after-stop", { model: speaker.id });
  yield { type: "stop", reason, ...(seen.named !== undefined && { model: seen.named }) };
}

interface Seen extends Brought {
  /** Whether anything came. */
  begun: boolean;
  usage?: ModelEvent;
  /** What the vendor calls the model, where that is another name. */
  named?: string;
}

function note(beat: Beat, seen: Seen, id: string): void {
  seen.begun = true;
  seen.text ||= saysSomething(beat);
  if (beat.type === "thinking") seen.thoughts = true;
  if (beat.type === "tool-call") seen.toolCalls = true;
  if (beat.type === "closed") seen.closed = true;
  if (beat.type === "usage") seen.usage = beat;
  if (beat.type === "named" && beat.model !== id) seen.named = beat.model;
  // A refusal stands, even where the vendor then says that it ended well.
  if (beat.type === "stop" && seen.stop !== "refused" && seen.stop !== "filtered") seen.stop = beat.reason;
}

function saysSomething(beat: Beat): boolean {
  return beat.type === "text" && beat.text.trim() !== "";
}

/** The clock runs only while we wait for the vendor, never while the reader is slow. */
async function* onTime(stream: AsyncIterable<Beat>, speaker: Speaker, around: Surroundings): AsyncGenerator<Beat> {
  const beats = stream[Symbol.asyncIterator]();
  const ends = around.world.now() + speaker.limits.whole;
  let spoke = false;
  let hasText = false;
  for (;;) {
    const { ms, ...lateness } = patience(speaker.limits, spoke, ends - around.world.now());
    const late = () => modelError(lateness.reason, { ...speaker, hasText, waitedMs: lateness.waitedMs });
    const next = await within(beats.next(), ms, late, around);
    if (next.done) return;
    hasText ||= saysSomething(next.value);
    spoke ||= hasText || next.value.type === "thinking" || next.value.type === "tool-call";
    yield next.value;
  }
}

/** How long the next sign of life may take, and what to say when it takes longer. */
function patience({ firstToken, silence, whole }: Limits, spoke: boolean, left: number): Patience {
  const limit = spoke ? silence : firstToken;
  if (left < limit) return { ms: Math.max(0, left), waitedMs: whole, reason: "too-slow" };
  return { ms: limit, waitedMs: limit, reason: spoke ? "silence" : "slow-start" };
}

interface Patience {
  ms: number;
  waitedMs: number;
  reason: Reason;
}
