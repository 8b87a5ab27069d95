// Signs and verifies who may stop an answer: until it ends nothing else can be checked.

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Records } from "../../src/core/records.ts";

const SEAL_LENGTH = 20;
const KEY_BYTES = 32;

/** `asker` is one person's id, the same wherever they are on the platform; another's is never the same. */
export interface Stoppable {
  job: string;
  asker: string;
  workspace: string;
}

/** For the asker, and for the admins of that workspace: 41 characters, none of them a dot. `key` is known to Heed alone. */
export function signStopPermit({ job, asker, workspace }: Stoppable, key: string): string {
  return `${seal(`${job}/user/${asker}`, key)}~${seal(`${job}/admins/${workspace}`, key)}`;
}

/** Whether the permit names this person, for this answer. */
export function verifyStopPermit(
  permit: string,
  { job, asker, workspace }: Stoppable,
  isAdmin: boolean,
  key: string,
): boolean {
  const [forAsker, forAdmins] = permit.split("~");
  return (
    isSame(forAsker, seal(`${job}/user/${asker}`, key)) ||
    (isAdmin && isSame(forAdmins, seal(`${job}/admins/${workspace}`, key)))
  );
}

/** A platform's own key, made once and kept for all processes: its tokens may differ between them, and rotate. */
export async function sealKeyOf(platform: string, records: Records): Promise<string> {
  const name = `${platform}/seal`;
  const stored = await records.get(name);
  if (stored !== undefined) return z.string().parse(stored);
  await records.claim(name, randomBytes(KEY_BYTES).toString("base64url"));
  return z.string().parse(await records.get(name));
}

function seal(words: string, key: string): string {
  return createHmac("sha256", key).update(words).digest("base64url").slice(0, SEAL_LENGTH);
}

function isSame(given: string | undefined, expected: string): boolean {
  return given?.length === SEAL_LENGTH && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
