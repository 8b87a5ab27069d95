// Lists where an answer can be shown on Slack, best first.

import type { Stage } from "../../kit/ladder.ts";

const EDIT: Stage = { place: "channel", by: "bot", verb: "edit" };
const POST: Stage = { place: "channel", by: "bot", verb: "post" };
/** To the asker alone, by whichever route is open. */
const ASIDE: Stage = { place: "aside", by: "bot", verb: "post" };

/** `isSeen`: whether the channel sees the answer. `stands`: whether something of it does already. A URL needs no token. */
export function stagesFor(isSeen: boolean, stands: boolean, hasUrl: boolean): readonly Stage[] {
  const inChannel = !isSeen ? [] : stands ? [EDIT, POST] : [POST];
  return [...inChannel, hasUrl ? { ...ASIDE, by: "url" } : ASIDE];
}

export function isAside(stage: Stage | undefined): boolean {
  return stage?.place !== EDIT.place;
}
