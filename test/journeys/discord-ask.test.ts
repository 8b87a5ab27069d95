// From a slash command on the wire to the answer that people see, over real discord.js.

import { afterEach, describe, expect, test } from "@jest/globals";
import { labelsOf } from "../fakes/discord/server.ts";
import { CHANNEL } from "../fakes/discord/state.ts";
import { createRig, eventually, type Rig, type RigParts } from "../fakes/discord/rig.ts";
import { createTestToolbox, hit, scriptedModel } from "../fakes/toolbox.ts";

const text = (text: string) => ({ type: "text", text }) as const;
const stop = { type: "stop", reason: "end" } as const;
const passages = [
  hit("Handbook", "Interns may work remotely three days a week.", { headings: ["Handbook", "Remote"] }),
];

function toolsAnswering(...words: string[]) {
  return createTestToolbox({ hits: passages, model: scriptedModel([...words.map(text), stop]).model });
}

let rig: Rig;
afterEach(() => rig.close());
const begin = async (parts: RigParts) => (rig = await createRig(parts));

describe("/ask", () => {
  test("is queued, deferred, and answered by editing the deferred message", async () => {
    await begin({ tools: toolsAnswering("Three days ", "a week [1].") });
    const asked = rig.discord.slash("/ask", { question: "How many remote days?" });
    const answer = await eventually(() => rig.discord.answer(asked));
    await eventually(() => answer.content.includes("test/model"));
    expect(asked.answered).toBe(5);
    expect(answer.content).toContain("Three days a week [1].");
    expect(answer.content).toContain("[1] Handbook › Remote");
    expect(answer.flags & 64).toBe(0);
    expect(labelsOf(answer)).toContain("Show quotes");
    expect(rig.discord.state.byBot(CHANNEL)).toHaveLength(1);
  });
});
