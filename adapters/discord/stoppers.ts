// Who may stop an answer, sealed into its button: while an answer is written there is nothing else to check a press against.

import { createHmac, timingSafeEqual } from "node:crypto";
import type { Scene } from "./scene.ts";

const SEAL_LENGTH = 20;

/** The asker's seal and that of the workspace's admins. `key` is known to Heed alone. */
export function sealStoppers({ job, asker }: { job: string; asker: string }, workspace: string, key: string): string {
  return `${seal(`${job}/user/${asker}`, key)}.${seal(`${job}/admins/${workspace}`, key)}`;
}

export function mayStop(job: string, sealed: string, { user, workspace }: Scene, key: string): boolean {
  const [asker, admins] = sealed.split(".");
  return (
    isSame(asker, seal(`${job}/user/${user.id}`, key)) ||
    (user.isAdmin && isSame(admins, seal(`${job}/admins/${workspace}`, key)))
  );
}

function seal(words: string, key: string): string {
  return createHmac("sha256", key).update(words).digest("base64url").slice(0, SEAL_LENGTH);
}

function isSame(given: string | undefined, expected: string): boolean {
  return given?.length === SEAL_LENGTH && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
