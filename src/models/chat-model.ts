// What every chat model shares, whatever its vendor: grounding, time limits, an honest end, one set of errors.

import { withTimeLimit } from "../core/async.ts";
import type { ModelConnection, Model, ModelEvent, Prompt } from "../core/model.ts";
import { wholeCharacters } from "../core/text.ts";
import { estimateTokens } from "../core/tokens.ts";
import type { Runtime } from "../core/runtime.ts";
import { createEmbedder, type EmbedProtocol } from "./embedder.ts";
import { capabilitiesOf, withRoomToThink, type Capabilities } from "./catalog/index.ts";
import { modelError, toBotError } from "./errors.ts";
import { buildMessages } from "./grounding.ts";
import type { Limits } from "./limits.ts";
import { readList } from "./listing.ts";
import { endForReason, type Brought } from "./stop-reasons.ts";
import { withoutTaggedThoughts } from "./tagged-thoughts.ts";
import type { Reason } from "./vendor-failure.ts";
import type { StreamEvent, ChatProtocol, Lister, Vendor } from "./vendor.ts";

/** What a provider says of its chat models. */
interface ConnectionSpec {
  vendor: Vendor;
  protocol: ChatProtocol;
  lister?: Lister;
  embed?: EmbedProtocol;
  /** Whether a listed window is the one that every request gets; where there are several hosts, it is not. */
  listsWindows?: boolean;
  limits: Limits;
  /** The window that a person configured, in tokens. */
  context?: number | undefined;
}

/** One model of them. */
interface BoundModel extends ConnectionSpec {
  id: string;
  can: Capabilities;
  /** The ids of this provider's models that were seen to think. */
  thinkers: Set<string>;
}

export function createConnection(spec: ConnectionSpec, runtime: Runtime): ModelConnection {
  const { vendor, lister, embed } = spec;
  const thinkers = new Set<string>();
  const live = new Map<string, number>();
  return {
    models: vendor.models,
    hosting: vendor.hosting ?? "vendor",
    ...(lister && {
      list: async (signal: AbortSignal) => {
        const listed = await readList(vendor, lister, { runtime, signal });
        for (const { id, contextWindow: window } of spec.listsWindows ? listed : []) if (window) live.set(id, window);
        return listed;
      },
    }),
    ...(embed && { embedder: (id: string) => createEmbedder(vendor, id, embed, runtime) }),
    // What a person configured, what the vendor's own list said, what the name tells.
    model: (id) =>
      createModel({ ...spec, id, can: capabilitiesOf(id, spec.context ?? live.get(id)), thinkers }, runtime),
  };
}

function createModel(bound: BoundModel, runtime: Runtime): Model {
  return {
    name: `${bound.vendor.provider}/${bound.id}`,
    contextWindow: bound.can.contextWindow,
    isGenerative: true,
    prepare: () => bound.protocol.prepare(),
    generate: (prompt, signal) => generate(bound, prompt, { runtime, signal }),
  };
}

interface CallContext {
  runtime: Runtime;
  signal: AbortSignal;
}

async function* generate(bound: BoundModel, prompt: Prompt, context: CallContext): AsyncGenerator<ModelEvent> {
  context.signal.throwIfAborted();
  const request = new AbortController();
  const { temperature } = prompt;
  const { id } = bound;
  // The name does not tell of every model that it thinks.
  const can = { ...bound.can, isReasoning: bound.can.isReasoning || bound.thinkers.has(id) };
  const said = buildMessages(prompt);
  const asked = { id, can, ...said, maxTokens: limitOf(prompt, said, can), temperature };
  try {
    const stream = bound.protocol.stream(asked, request.signal);
    yield* finishStream(bound, withTimeouts(withoutTaggedThoughts(stream), bound, context), context);
  } finally {
    // Whoever leaves early, for whatever reason, closes the vendor's connection too.
    request.abort();
  }
}

function limitOf({ maxTokens }: Prompt, said: ReturnType<typeof buildMessages>, can: Capabilities): number | undefined {
  if (maxTokens === undefined) return undefined;
  const texts = [said.system, ...said.messages.map(({ text }) => text)];
  return withRoomToThink(maxTokens, can, estimateTokens(texts.join("\n")) + FRAME_TOKENS * texts.length);
}

/** Tokens that a protocol puts around each message. */
const FRAME_TOKENS = 10;

/** UTF-16 units. No limit of tokens that is asked for allows more, but not every server keeps to it. */
const LONGEST_ANSWER = 200_000;

/** Passes text on at once; keeps the bill and the stop for the end, where a line that broke is told from an answer that is over. */
async function* finishStream(
  bound: BoundModel,
  events: AsyncIterable<StreamEvent>,
  { runtime, signal }: CallContext,
): AsyncGenerator<ModelEvent> {
  const seen: Seen = { text: false, thoughts: false, toolCalls: false, stop: undefined, closed: false, begun: false };
  let failure: unknown;
  let length = 0;
  try {
    for await (const event of events) {
      note(event, seen, bound.id);
      if (event.type === "thinking") bound.thinkers.add(bound.id);
      if (event.type !== "text") continue;
      const room = LONGEST_ANSWER - length;
      length += event.text.length;
      if (length <= LONGEST_ANSWER) {
        yield event;
        continue;
      }
      yield { type: "text", text: event.text.slice(0, wholeCharacters(event.text, room)) };
      seen.stop = "length";
      break;
    }
  } catch (error) {
    signal.throwIfAborted();
    failure = toBotError(error, { ...bound, hasText: seen.text }, { now: runtime.now(), begun: seen.begun });
  }
  signal.throwIfAborted();
  // What broke was billed until then; after the last word only the bill is missing.
  const reason = endForReason(seen);
  if (seen.usage) yield seen.usage;
  if (reason === "broken")
    throw failure ?? modelError(seen.begun ? "connection-lost" : "unreadable", { ...bound, hasText: seen.text });
  if (failure) runtime.log.debug("model.lost-after-stop", { model: bound.id });
  yield { type: "stop", reason, ...(seen.named !== undefined && { model: seen.named }) };
}

interface Seen extends Brought {
  /** Whether anything came. */
  begun: boolean;
  usage?: ModelEvent;
  /** What the vendor calls the model, where that is another name. */
  named?: string;
}

function note(event: StreamEvent, seen: Seen, id: string): void {
  seen.begun = true;
  seen.text ||= saysSomething(event);
  if (event.type === "thinking") seen.thoughts = true;
  if (event.type === "tool-call") seen.toolCalls = true;
  if (event.type === "closed") seen.closed = true;
  if (event.type === "usage") seen.usage = event;
  if (event.type === "named" && event.model !== id) seen.named = event.model;
  // A refusal stands, even where the vendor then says that it ended well.
  if (event.type === "stop" && seen.stop !== "refused" && seen.stop !== "filtered") seen.stop = event.reason;
}

function saysSomething(event: StreamEvent): boolean {
  return event.type === "text" && event.text.trim() !== "";
}

/** The clock runs only while we wait for the vendor, never while the reader is slow. */
async function* withTimeouts(
  stream: AsyncIterable<StreamEvent>,
  bound: BoundModel,
  context: CallContext,
): AsyncGenerator<StreamEvent> {
  const events = stream[Symbol.asyncIterator]();
  const ends = context.runtime.now() + bound.limits.whole;
  let spoke = false;
  let hasText = false;
  for (;;) {
    const { ms, ...lateness } = patience(bound.limits, spoke, ends - context.runtime.now());
    const late = () => modelError(lateness.reason, { ...bound, hasText, waitedMs: lateness.waitedMs });
    const next = await withTimeLimit(events.next(), ms, late, context.runtime, context.signal);
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
