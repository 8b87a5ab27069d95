// Lists what vendors offer right now, each within a time limit and with foreseen failures.

import { withTimeLimit } from "../core/async.ts";
import { BotError, explain } from "../core/errors.ts";
import type { ModelConnection, ListedModel, Listing } from "../core/model.ts";
import type { Runtime } from "../core/runtime.ts";
import { modelError, toBotError } from "./errors.ts";
import type { Lister, Vendor } from "./vendor.ts";

/** Milliseconds. A list is a nicety, so nobody waits long for it. */
const PATIENCE = 10_000;
const MOST_LISTED = 2000;

/** Throws BotError; throws the signal's reason when it is aborted. */
export async function readList(
  vendor: Vendor,
  lister: Lister,
  around: { runtime: Runtime; signal: AbortSignal },
): Promise<readonly ListedModel[]> {
  around.signal.throwIfAborted();
  const incident = { vendor, id: "/models" };
  const request = new AbortController();
  const late = () => modelError("slow-start", { ...incident, waitedMs: PATIENCE });
  try {
    const listed = await withTimeLimit(lister(request.signal), PATIENCE, late, around.runtime, around.signal);
    return listed.slice(0, MOST_LISTED);
  } catch (error) {
    around.signal.throwIfAborted();
    const known = toBotError(error, incident, { now: around.runtime.now(), begun: false });
    // "Not found" speaks of the list itself here.
    throw known instanceof BotError && known.code === "no-such-model" ? hasNoList(vendor, known) : known;
  } finally {
    request.abort();
  }
}

/** All at once. Throws only the signal's reason: one vendor's failure says nothing of the others. */
export function readListings(
  connections: ReadonlyMap<string, ModelConnection>,
  signal: AbortSignal,
): Promise<readonly Listing[]> {
  return Promise.all(
    [...connections].map(async ([provider, connection]) => {
      const listing = { provider, configured: connection.models };
      try {
        return connection.list ? { ...listing, live: await connection.list(signal) } : listing;
      } catch (error) {
        signal.throwIfAborted();
        return { ...listing, failure: explain(error) };
      }
    }),
  );
}

function hasNoList({ label, variables }: Vendor, cause: BotError): BotError {
  return new BotError(
    "not-found",
    {
      en: `${label} has no list of models at its address; if it should, an admin can check ${variables.url}.`,
      "zh-TW": `${label} 的位址沒有提供模型清單；如果應該要有，請管理員檢查 ${variables.url}。`,
    },
    { cause },
  );
}
