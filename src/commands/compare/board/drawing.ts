// Many people press at once, and each press would draw the board anew: one draws, and looks again once its own stands.

import type { Records } from "../../../core/records.ts";
import type { Reply } from "../../../core/reply.ts";
import { namesShown, type Board } from "./board-state.ts";
import type { Compare } from "../compare-call.ts";
import { digestOf, keys } from "../records.ts";

/** Milliseconds. A drawing whose worker died is waited for this long. */
const LONGEST_DRAWING = 30_000;
const LOOK_AGAIN = 1500;
/** Buttons work for a day after they were drawn, so a board that stands longer is drawn anew before that. */
const REDRAWN_AFTER = 20 * 3_600_000;
/** The clocks of two machines are never quite the same. */
const MARGIN = 1000;

/** Whether this is a button's or the clock's call, whose answer takes the place of the board. */
export function isInPlace({ args, user }: Compare): boolean {
  return args.of !== undefined && !user.isLocal;
}

/**
 * Whether nobody else is at it. Whoever is looks again after its drawing stands, and what was changed before this was
 * asked is seen then: it lets go before it looks. Names that are out wait for nobody.
 */
export async function mayDraw(records: Records, workspace: string, board: Board): Promise<boolean> {
  const key = keys.drawing(workspace, board.question.id);
  if (!namesShown(board)) return records.claim(key, stateOf(board), LONGEST_DRAWING);
  await records.set(key, stateOf(board), LONGEST_DRAWING);
  return true;
}

/** Lets go of the drawing, whoever began it; returns the state that was drawn, where that is known. */
export async function letGo(records: Records, workspace: string, id: string): Promise<string | undefined> {
  const key = keys.drawing(workspace, id);
  const drawn = await records.get(key);
  await records.delete(key);
  return typeof drawn === "string" ? drawn : undefined;
}

/** Two boards of the same state look the same. */
export function stateOf(board: Board): string {
  return `${board.ballot?.casts ?? 0}/${namesShown(board)}`;
}

/** The clock looks again at a board that was drawn in place: a slower hand may have drawn an older one over it. */
export function lookAgain({ question, now }: Board, job: string): Reply {
  const id = `${question.id}-${digestOf("", job).slice(0, 8)}`;
  return appointment(id, now + LOOK_AGAIN, question.id);
}

/** The clock reveals the names; long before that it keeps the buttons fresh. */
export function* untilReveal(board: Board): Generator<Reply> {
  const { question, ballot, now } = board;
  if (!ballot || namesShown(board)) return;
  const number = Math.floor((now - ballot.at) / REDRAWN_AFTER) + 1;
  const at = Math.min(ballot.until + MARGIN, ballot.at + number * REDRAWN_AFTER);
  yield appointment(`${question.id}-t${number}`, at, question.id);
}

function appointment(id: string, at: number, of: string): Reply {
  return { type: "appointment", appointment: { id, at, command: "compare", options: { board: true, of } } };
}
