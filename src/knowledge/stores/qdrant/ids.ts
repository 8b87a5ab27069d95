// The ids of points, which say by themselves whose passage it is: a search reads them and nothing else of what it finds.

import { createHash } from "node:crypto";

/** Hexadecimal digits of the three parts of an id: 64 bits for the document, 40 for the revision, 24 for the place in it. */
const OWNER = 16;
const REVISION = 10;
const ORDINAL = 6;
/** No revision, and so no passage: the document's own points. */
const DOCUMENT = "0".repeat(REVISION + ORDINAL);
const ARTICLE = "1".padStart(REVISION + ORDINAL, "0");

/** What an id says of a passage. */
export interface Place {
  owner: string;
  /** The beginning of the revision's name. */
  revision: string;
  ordinal: number;
}

/** A document of one workspace, wherever it is named: its points' ids begin so. */
export function ownerOf(workspace: string, document: string): string {
  return createHash("sha256")
    .update(JSON.stringify([workspace, document]))
    .digest("hex")
    .slice(0, OWNER);
}

/** The point with what is listed of a document. */
export function documentPointId(owner: string): string {
  return uuidOf(owner + DOCUMENT);
}

/** The point with what a document's title and all its passages together are found by. */
export function articlePointId(owner: string): string {
  return uuidOf(owner + ARTICLE);
}

/** The same place of the same revision is the same point, whoever writes it. `revision` is a UUID or its beginning. */
export function passagePointId({ owner, revision, ordinal }: Place): string {
  return uuidOf(owner + markOf(revision) + ordinal.toString(16).padStart(ORDINAL, "0"));
}

export function placeOf(id: string): Place {
  const digits = id.replaceAll("-", "");
  const [owner, revision] = [digits.slice(0, OWNER), digits.slice(OWNER, OWNER + REVISION)];
  return { owner, revision, ordinal: Number.parseInt(digits.slice(OWNER + REVISION), 16) };
}

/** How a revision's name begins, as ids have it. */
export function markOf(revision: string): string {
  return revision.replaceAll("-", "").slice(0, REVISION);
}

function uuidOf(digits: string): string {
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    "-",
  );
}
