// Passages by meaning: Qdrant finds the nearest, and says exactly how near those are that words have found.

import type { Query } from "../store.ts";
import { is, oneOf, type Shelf } from "./documents.ts";
import { PassagePayload, passagePointId, vectorName } from "./points.ts";

type Dense = NonNullable<Query["dense"]>;

/** Best first. */
export async function nearest(
  { name, call }: Shelf,
  { space, vector }: Dense,
  { workspaces, limit }: Pick<Query, "workspaces" | "limit">,
  signal: AbortSignal,
): Promise<readonly PassagePayload[]> {
  const filter = { must: [oneOf("workspace", workspaces), is("kind", "passage")] };
  const asked = { query: [...vector], using: vectorName(space), filter, limit, score_threshold: 0, with_payload: true };
  const { points } = await call((qdrant) => qdrant.query(name, asked), signal);
  // Whether a threshold lets through what equals it is not said; nothing in common is nothing near.
  return points.filter(({ score }) => score > 0).map(({ payload }) => PassagePayload.parse(payload));
}

/** By point id; passages without a vector are missing. */
export async function cosinesOf(
  { name, call }: Shelf,
  { space, vector }: Dense,
  { passages, workspaces }: { passages: readonly PassagePayload[]; workspaces: readonly string[] },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  if (passages.length === 0) return new Map();
  const filter = { must: [oneOf("workspace", workspaces), { has_id: passages.map(passagePointId) }] };
  const how = { using: vectorName(space), filter, limit: passages.length, params: { exact: true } };
  const asked = { query: [...vector], ...how, with_payload: false };
  const { points } = await call((qdrant) => qdrant.query(name, asked), signal);
  return new Map(points.map(({ id, score }) => [String(id), score]));
}
