// Defines who can read a question and who sees its answer.

import { z } from "zod";

/**
 * Who can read a question where it stands. "public": everyone in the workspace, or whoever cares to join. "closed": those
 * who are in there, as in a direct message, a group's, a private channel or a private thread. "private": the asker alone.
 */
export const Privacy = z.enum(["public", "closed", "private"]);
export type Privacy = z.infer<typeof Privacy>;

/**
 * Who sees an answer. "everyone": all who are in the place where it was asked. "typist": the asker alone where a platform
 * can show that beside the chat, as after a slash command; all elsewhere. "asker": the asker alone, whatever the way in,
 * by a direct message where nothing else is left.
 */
export type Audience = "everyone" | "typist" | "asker";

/** Whether words may be kept for others to read. What was kept without its place counts as private. */
export function keepsWords(privacy: Privacy | undefined): boolean {
  return privacy === "public";
}

/** A thread is a place of its own: not everyone in its channel can read it. */
interface Place {
  platform: string;
  workspace: string;
  channel: string;
  thread?: string | undefined;
  beginsThread?: boolean | undefined;
}

/** The same place has the same name, and no other place has it. */
export function nameOfPlace({ platform, workspace, channel, thread, beginsThread }: Place): string {
  return JSON.stringify([platform, workspace, channel, beginsThread ? null : (thread ?? null)]);
}
