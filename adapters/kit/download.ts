// Reads the bytes of a response up to the limit of a file.

import { BotError } from "../../src/core/errors.ts";
import { fileTooLarge, LARGEST_FILE } from "../../src/core/limits.ts";
import { readBounded } from "../../src/core/read-bounded.ts";

/** How long fetching one file may take. */
export const DOWNLOAD_LIMIT_MS = 60_000;

/** Throws BotError "too-large" past the largest file that is read, and what `lost` makes of a connection that breaks off. */
export async function readDownload(
  { body }: Pick<Response, "body">,
  lost: (cause: unknown) => BotError,
): Promise<Uint8Array> {
  if (!body) return new Uint8Array();
  try {
    return await readBounded(body, LARGEST_FILE, () => fileTooLarge());
  } catch (cause) {
    throw cause instanceof BotError ? cause : lost(cause);
  }
}
