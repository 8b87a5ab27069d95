// What every chat model shares, whatever its vendor: grounding, time limits, an honest end, one set of errors.

import type { Connection, Model, ModelEvent, Prompt } from "../core/model.ts";
import type { World } from "../core/world.ts";
import { createEmbedder, type EmbedDialect } from "./embedder.ts";
import { familyOf, type Family } from "./families.ts";
import { failed, foreseen } from "./failures.ts";
import { ground } from "./grounding.ts";
import { within, type Limits } from "./limits.ts";
import { readList } from "./listing.ts";
import type { Beat, Dialect, Lister, Vendor } from "./vendor.ts";
import type { Reason } from "./wording.ts";

/** What a provider says of its chat models. */
interface Offer {
  vendor: Vendor;
  dialect: Dialect;
  lister?: Lister;
  embed?: EmbedDialect;
  limits: Limits;
  /** The window that a person configured, in tokens. */
  context?: number | undefined;
}

/** One model of them. */
interface Speaker extends Offer {
  id: string;
  family: Family;
}

export function offer(offered: Offer, world: World): Connection {
  const { vendor, lister, embed } = offered;
  return {
    models: vendor.models,
    place: vendor.place ?? "vendor",
    ...(lister && { list: (signal: AbortSignal) => readList(vendor, lister, { world, signal }) }),
    ...(embed && { embedder: (id: string) => createEmbedder(vendor, id, embed, world) }),
    model: (id) => createModel({ ...offered, id, family: familyOf(id, offered.context) }, world),
  };
}

function createModel(speaker: Speaker, world: World): Model {
  return {
    name: `${speaker.vendor.provider}/${speaker.id}`,
    window: speaker.family.window,
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
  const { maxTokens, temperature } = prompt;
  const { id, family } = speaker;
  try {
    const stream = speaker.dialect.speak({ id, family, ...ground(prompt), maxTokens, temperature }, request.signal);
    yield* settle(speaker, onTime(stream, speaker, around), around);
  } finally {
    // Whoever leaves early, for whatever reason, closes the vendor's connection too.
    request.abort();
  }
}

/** Passes text on at once; keeps usage and stop for the end, where a stream that has neither is found out. */
async function* settle(speaker: Speaker, beats: AsyncIterable<Beat>, { world, signal }: Surroundings) {
  const end: { usage?: ModelEvent; stop?: Extract<ModelEvent, { type: "stop" }>; named?: string } = {};
  let begun = false;
  try {
    for await (const beat of beats) {
      begun = true;
      if (beat.type === "text") yield beat;
      if (beat.type === "usage") end.usage = beat;
      if (beat.type === "named" && beat.model !== speaker.id) end.named = beat.model;
      // A refusal stands, even where the vendor then says that it ended well.
      if (beat.type === "stop" && end.stop?.reason !== "refused") end.stop = beat;
    }
  } catch (error) {
    signal.throwIfAborted();
    // After the last word only the bill is missing.
    if (!end.stop) throw foreseen(error, speaker, { now: world.now(), begun });
    world.log.debug("model.lost-after-stop", { model: speaker.id });
  }
  signal.throwIfAborted();
  if (!end.stop) throw failed(begun ? "connection-lost" : "unreadable", speaker);
  if (end.usage) yield end.usage;
  yield end.named ? { ...end.stop, model: end.named } : end.stop;
}

/** The clock runs only while we wait for the vendor, never while the reader is slow. */
async function* onTime(stream: AsyncIterable<Beat>, speaker: Speaker, around: Surroundings): AsyncGenerator<Beat> {
  const beats = stream[Symbol.asyncIterator]();
  const ends = around.world.now() + speaker.limits.whole;
  let spoke = false;
  for (;;) {
    const { ms, ...lateness } = patience(speaker.limits, spoke, ends - around.world.now());
    const late = () => failed(lateness.reason, { ...speaker, waitedMs: lateness.waitedMs });
    const next = await within(beats.next(), ms, late, around);
    if (next.done) return;
    spoke ||= next.value.type === "text" || next.value.type === "thinking";
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
