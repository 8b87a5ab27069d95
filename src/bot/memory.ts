// Remembers the last turns of a thread, or of one person in a channel, for a while.

import { createHash } from "node:crypto";
import { z } from "zod";
import type { Invocation } from "../core/invocation.ts";
import type { ChatMessage } from "../core/model.ts";
import type { Records } from "../core/records.ts";
import type { Runtime } from "../core/runtime.ts";
import { clip } from "../core/text.ts";
import { DAY_MS, HOUR_MS } from "../core/time.ts";

/** Bounds of one conversation: turns, and UTF-16 units of a question, an answer and all together. */
export const MEMORY = { turns: 8, question: 2000, answer: 3000, total: 12_000 } as const;

/** A thread is one subject for all who are in it; a channel is many, so there a person's own last words count, and soon do not. */
const THREAD_TTL_MS = 7 * DAY_MS;
const CHANNEL_TTL_MS = 2 * HOUR_MS;

const ChatTurn = z.object({ id: z.string(), question: z.string(), answer: z.string() });
const Turns = z.array(ChatTurn).max(MEMORY.turns);
type ChatTurn = z.infer<typeof ChatTurn>;

/** The turns of conversations, bounded in number, length and time. */
export interface Memory {
  /** Question and answer in turn, oldest first; nothing for what is asked in private. */
  recall(invocation: Invocation): Promise<readonly ChatMessage[]>;
  /**
   * Keeps a finished answer, unless it was asked in private. It no longer cites: numbers of its passages would point at
   * another's. Again for the same invocation replaces it. `thread` is where replies to the answer will be.
   */
  remember(invocation: Invocation, turn: { question: string; answer: string }, thread?: string): Promise<void>;
  /** Whether there was anything to forget. */
  forget(invocation: Invocation): Promise<boolean>;
}

export function createMemory(records: Records, { log }: Pick<Runtime, "log">): Memory {
  const read = async (invocation: Invocation, thread: string | undefined) => {
    const parsed = Turns.safeParse((await records.get(conversationKey(invocation, thread))) ?? []);
    if (!parsed.success) log.warn("a conversation could not be read", { error: parsed.error });
    return parsed.data ?? [];
  };
  return {
    async recall(invocation) {
      if (invocation.address.privacy === "private") return [];
      const turns = await read(invocation, invocation.address.thread);
      return turns
        .filter(({ id }) => id !== invocation.id)
        .flatMap(({ question, answer }): ChatMessage[] => [
          { role: "user", text: question },
          { role: "assistant", text: answer },
        ]);
    },
    async remember(invocation, { question, answer }, thread) {
      // What one person alone was shown must not come up in an answer for all.
      if (invocation.address.privacy === "private") return;
      const turn: ChatTurn = {
        id: invocation.id,
        question: clip(question, MEMORY.question),
        answer: clip(withoutWarnings(answer), MEMORY.answer),
      };
      const own = invocation.address.thread;
      const places = thread === undefined || thread === own ? [own] : [own, thread];
      for (const place of places)
        await records.update(
          conversationKey(invocation, place),
          (before) => bounded([...(Turns.safeParse(before).data ?? []), turn]),
          place === undefined ? CHANNEL_TTL_MS : THREAD_TTL_MS,
        );
    },
    async forget(invocation) {
      const turns = await read(invocation, invocation.address.thread);
      await records.delete(conversationKey(invocation, invocation.address.thread));
      return turns.length > 0;
    },
  };
}

/** Platforms' ids are hashed: they may be long, or hold what would read as another conversation's key. */
function conversationKey({ address, user }: Invocation, thread: string | undefined): string {
  const { platform, workspace, channel } = address;
  const place = thread === undefined ? ["person", user.id] : ["thread", thread];
  const digest = createHash("sha256").update(JSON.stringify([platform, workspace, channel, ...place]));
  return `memory/${digest.digest("hex")}`;
}

/** The newest turns that fit, each invocation's once. */
function bounded(turns: readonly ChatTurn[]): ChatTurn[] {
  const unique = turns.filter(({ id }, i) => turns.findLastIndex((turn) => turn.id === id) === i);
  let left: number = MEMORY.total;
  const fitting = unique
    .slice(-MEMORY.turns)
    .toReversed()
    .map((turn) => ({ turn, left: (left -= turn.question.length + turn.answer.length) }));
  return fitting.flatMap(({ turn, left }, i) => (left >= 0 || i === 0 ? [turn] : [])).toReversed();
}

/** What a source says instead stays, as words. */
function withoutWarnings(text: string): string {
  return text.replaceAll(/([(（])⚠\s*/gu, "$1").trim();
}
