// Which collection is searched and which one is being built, and how the one takes the other's place.

import { create, nextOf, SCHEMA_NAME, shelfOf, type Collections } from "./collection.ts";
import { vectorName } from "./points.ts";
import { changeAliases, describeCollection, dropCollection, exists, readAliases, readCollections } from "./requests.ts";

/** What the aliases stand for right now. Restored from a snapshot, the collection may bear the alias's own name. */
export async function behind({ name, call }: Collections): Promise<{ current: string; next?: string }> {
  const aliases = await readAliases(call);
  const find = (alias: string) => aliases.find(({ alias_name }) => alias_name === alias)?.collection_name;
  const next = find(nextOf(name));
  return { current: find(name) ?? name, ...(next !== undefined && { next }) };
}

/** The names of the dense vectors that a collection has room for. */
export async function vectorsOf(collections: Collections, collection: string): Promise<ReadonlySet<string>> {
  const { config } = await describeCollection(shelfOf(collections, collection));
  return new Set(Object.keys(config.params.vectors ?? {}));
}

export async function hasRoom(collections: Collections, collection: string, space?: string): Promise<boolean> {
  return space === undefined || (await vectorsOf(collections, collection)).has(vectorName(space));
}

/** The collection that is being built: the one that was begun where it fits, or a new one. */
export async function beginNext(
  collections: Collections,
  space: string | undefined,
  measure: () => Promise<number>,
): Promise<string> {
  const { name, call } = collections;
  const { current, next } = await behind(collections);
  if (next !== undefined && (await hasRoom(collections, next, space))) return next;
  const dense = space === undefined ? undefined : { space, size: await measure() };
  const made = await freeName(collections, numberOf(current, name) + 1);
  await create(collections, made, dense);
  const old = next === undefined ? [] : [{ delete_alias: { alias_name: nextOf(name) } }];
  await changeAliases(call, [...old, { create_alias: { collection_name: made, alias_name: nextOf(name) } }]);
  return made;
}

/** In one step for whoever searches; then the old one goes. */
export async function moveAlias(collections: Collections, { old, next }: { old: string; next: string }): Promise<void> {
  const { name, call } = collections;
  // No alias may bear a collection's name, so one that was restored under it has to go first.
  if (old === name) await dropCollection(shelfOf(collections, old));
  await changeAliases(call, [
    { delete_alias: { alias_name: nextOf(name) } },
    ...(old === name ? [] : [{ delete_alias: { alias_name: name } }]),
    { create_alias: { collection_name: next, alias_name: name } },
  ]);
  if (old !== name) await dropCollection(shelfOf(collections, old));
}

/** Removes what a crash or a change of mind left behind: numbered collections of ours but those. */
export async function clearAway(collections: Collections, wanted: readonly string[]): Promise<void> {
  const { name, call } = collections;
  const { next } = await behind(collections);
  const left = (await readCollections(call)).filter((each) => numberOf(each, name) > 0 && !wanted.includes(each));
  for (const each of left) {
    const { config } = await describeCollection(shelfOf(collections, each));
    // A collection that only looks like one of ours by its name is somebody else's; the alias is ours alone.
    if (each !== next && config.metadata?.[SCHEMA_NAME] === undefined) continue;
    if (each === next) await changeAliases(call, [{ delete_alias: { alias_name: nextOf(name) } }]);
    await dropCollection(shelfOf(collections, each));
  }
}

/** 2 for "heed-2"; 0 for what is not numbered so. */
function numberOf(collection: string, name: string): number {
  const [, digits] = collection.startsWith(name) ? (/^-(\d+)$/.exec(collection.slice(name.length)) ?? []) : [];
  return Number(digits ?? 0);
}

async function freeName(collections: Collections, from: number): Promise<string> {
  for (let number = from; ; number++) {
    const made = `${collections.name}-${number}`;
    if (!(await exists(shelfOf(collections, made)))) return made;
  }
}
