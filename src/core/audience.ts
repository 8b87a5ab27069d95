// Decides who sees the answer to an invocation, before a platform says its first word.

import type { Command } from "./command.ts";
import type { Invocation } from "./invocation.ts";
import { languageOfLocale } from "./language.ts";
import type { Audience } from "./privacy.ts";
import { readInput } from "./read-input.ts";

export type Asked = Pick<Invocation, "command" | "input" | "context" | "attachments"> & {
  user: Pick<Invocation["user"], "isAdmin">;
};

/** How a question came in. */
export interface WayIn {
  /** Whether it was asked in private, or from an answer that the asker alone sees. */
  isPrivate: boolean;
  /**
   * What the platform shows the asker beside the chat, where that costs nothing: all that is for whoever typed it, only
   * why something cannot be, or nothing.
   */
  beside: "all" | "refusals" | "nothing";
}

/** Whether the asker alone is to see the answer. Every platform asks this, and nothing else, whatever the way in. */
export function isForAskerAlone(asked: Asked, commands: readonly Command[], { isPrivate, beside }: WayIn): boolean {
  const { audience, isRefused } = receptionOf(asked, commands);
  if (isPrivate || audience === "asker") return true;
  return audience === "typist" && (beside === "all" || (beside === "refusals" && isRefused));
}

interface Reception {
  audience: Audience;
  /** Whether it can only be answered with why not: typed wrongly, or not for this person. */
  isRefused: boolean;
}

const REFUSED: Reception = { audience: "typist", isRefused: true };

function receptionOf(asked: Asked, commands: readonly Command[]): Reception {
  const command = commands.find(({ name }) => name === asked.command.toLowerCase());
  if (!command || (command.access === "admins" && !asked.user.isAdmin)) return REFUSED;
  try {
    const { audience, admins } = command.viewOf(readInput(asked, command, languageOfLocale(undefined)));
    return admins && !asked.user.isAdmin ? REFUSED : { audience, isRefused: false };
  } catch {
    // What cannot be read is answered with how it is typed.
    return REFUSED;
  }
}
