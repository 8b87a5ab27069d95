// A toolbox for tests of commands: a scripted model, a small knowledge base, and replies collected into a post.

import { commands } from "../../src/commands/index.ts";
import type { Toolbox } from "../../src/core/command.ts";
import type { Invocation } from "../../src/core/invocation.ts";
import type { Hit, KnowledgeBase } from "../../src/core/knowledge.ts";
import type { Model, ModelEvent, Prompt } from "../../src/core/model.ts";
import { families } from "../../src/models/catalog/index.ts";
import { openEmbeddedRecords } from "../../src/runtime/records-embedded.ts";
import { createTestRuntime, type TestRuntime } from "./test-runtime.ts";

export function hit(title: string, text: string, more: Partial<Hit> = {}): Hit {
  const end = text.length;
  return {
    documentId: title.toLowerCase(),
    title,
    headings: [title],
    text,
    start: 0,
    end,
    score: 1,
    quote: { start: 0, end },
    ...more,
  };
}

/** Yields the events it is given, and remembers the prompts. */
export function scriptedModel(events: readonly (ModelEvent | Error)[], name = "test/model") {
  const prompts: Prompt[] = [];
  const model: Model = {
    name,
    contextWindow: 8000,
    isGenerative: true,
    async *generate(prompt, signal) {
      prompts.push(prompt);
      for (const event of events) {
        signal.throwIfAborted();
        if (event instanceof Error) throw event;
        yield event;
      }
    },
  };
  return { model, prompts };
}

/** A model with one answer. */
export function modelThatSays(text: string, name?: string) {
  return scriptedModel(
    [
      { type: "text", text },
      { type: "stop", reason: "end" },
    ],
    name,
  );
}

interface Parts {
  hits?: readonly Hit[];
  answerable?: boolean;
  model?: Model;
  /** Further models, by their names. */
  others?: readonly Model[];
  knowledge?: Partial<KnowledgeBase>;
}

export function createTestToolbox({
  hits = [],
  answerable = hits.length > 0,
  model,
  others = [],
  knowledge,
}: Parts): Toolbox & { runtime: TestRuntime } {
  const { model: silent } = scriptedModel([]);
  const models = [model ?? silent, ...others];
  const runtime = createTestRuntime();
  return {
    commands,
    runtime,
    models: {
      names: () => models.map(({ name }) => name),
      families: () => families,
      variables: () => ["OPENAI_API_KEY", "OLLAMA_BASE_URL"],
      pick: (wanted) => models.find(({ name }) => name === wanted) ?? models[0]!,
    },
    knowledge: {
      search: async () => ({ hits, answerable, confidence: answerable ? 0.9 : 0.1 }),
      checkCitations: () => [],
      status: async () => ({ store: "embedded", version: "3", documents: 0, passages: 0, vectors: 0, bytes: 0 }),
      ...knowledge,
    } as KnowledgeBase,
    records: openEmbeddedRecords(":memory:", () => runtime.now()),
    attention: undefined as never,
    painter: { paint: async () => new Uint8Array([0x89, 0x50, 0x4e, 0x47]), close: async () => {} },
  };
}

let counter = 0;

export function invocation(line: string, more: Partial<Invocation> = {}): Invocation {
  const [, command = "ask", text = line] = /^\/(\S+)\s*([\s\S]*)$/.exec(line) ?? [];
  return {
    id: `test-${++counter}`,
    command,
    input: { text },
    user: { id: "u1", name: "ada", isAdmin: true, isLocal: true },
    address: { platform: "test", workspace: "w1", channel: "c1", privacy: "public", data: null },
    attachments: [],
    context: [],
    receivedAt: 0,
    ...more,
  };
}
