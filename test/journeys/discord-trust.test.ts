// Who may see and do what on Discord, whatever a button, a form or an interaction claims.

import { afterEach, describe, expect, test } from "@jest/globals";
import type { Command } from "../../src/core/command.ts";
import type { Source } from "../../src/core/reply.ts";
import { echo, saying, scriptedAsk, scriptedKb, text, toolsFor } from "../fakes/discord/commands.ts";
import { createRig, eventually, type Rig, type RigParts } from "../fakes/discord/rig.ts";
import { labelsOf } from "../fakes/discord/server.ts";
import { CHANNEL, GUILD, type FakeInteraction, type FakeMessage } from "../fakes/discord/state.ts";

const KEN = { user: "400000000000000002", name: "Ken" };
const ELSEWHERE = { guild: "200000000000000002", channel: "300000000000000002" };
const NEXT_DOOR = { channel: "300000000000000003" };

let rig: Rig;
afterEach(() => rig.close());
const begin = async (list: readonly Command[], more: Partial<RigParts> = {}) =>
  (rig = await createRig({ tools: toolsFor(...list), commands: list, ...more }));
const answerWith = async (label: string, options = {}): Promise<FakeMessage> => {
  const asked = rig.discord.slash("/ask", { question: "what is a secret?", ...options });
  return eventually(() => {
    const answer = rig.discord.answer(asked);
    return answer && labelsOf(answer).includes(label) && answer;
  });
};
const idOf = (message: FakeMessage, label: string) =>
  message.components.flatMap(({ components }) => components).find((component) => component.label === label)!.custom_id;
const toldTo = (press: FakeInteraction): Promise<string> =>
  eventually(
    () => press.answered !== undefined && (rig.discord.answer(press)?.content || `answered ${press.answered}`),
  );

const source: Source = {
  number: 1,
  documentId: "d",
  title: "Payroll",
  place: "",
  start: 0,
  end: 10,
  quote: "The secret number is 42.",
};
const secret = saying(
  text("See [1]."),
  { type: "source", source },
  { type: "actions", actions: [{ label: "next", command: "ask", options: { question: "next?" }, shows: "in-place" }] },
);

describe("a button's reference under another message", () => {
  test.each([
    ["of another server", ELSEWHERE],
    ["of another channel", NEXT_DOOR],
    ["in direct messages", { guild: undefined, channel: "600000000000000009" }],
  ])("%s opens nothing of the answer", async (_, where) => {
    await begin([secret]);
    const answer = await answerWith("Show quotes");
    const other = rig.discord.state.post({ channel_id: where.channel, content: "something else" });
    for (const label of ["Show quotes", "next", "Ask again with …", "Continue in a thread"]) {
      const press = rig.discord.pressId(
        other,
        { custom_id: idOf(answer, label), component_type: 2 },
        { ...KEN, ...where, permissions: "8" },
      );
      expect(await toldTo(press)).toContain("more than a day old");
    }
    expect(rig.queue.jobs.size).toBe(1);
    expect(rig.discord.state.threads.size).toBe(0);
  });

  test("of a private answer is its asker's alone, form included", async () => {
    await begin([secret]);
    const answer = await answerWith("Show quotes", { private: true });
    const other = rig.discord.state.post({ channel_id: CHANNEL, content: "something else" });
    const quotes = { custom_id: idOf(answer, "Show quotes"), component_type: 2 };
    expect(await toldTo(rig.discord.pressId(other, quotes, KEN))).toContain("more than a day old");
    const form = rig.discord.submit(idOf(answer, "Ask again with …")!, { question: "and?" }, other, KEN);
    expect(await toldTo(form)).toContain("more than a day old");
    expect(await toldTo(rig.discord.press(answer, "Show quotes"))).toContain("secret number");
  });
});

describe("what is asked from a button", () => {
  test("is asked by the presser, with the presser's rights", async () => {
    const remove = { label: "Remove it", command: "kb", options: { action: "add" }, shows: "below" } as const;
    const offering = scriptedAsk(async function* () {
      yield text("Here.");
      yield { type: "actions", actions: [remove] };
    });
    await begin([offering, scriptedKb]);
    const answer = await answerWith("Remove it");
    const pressed = rig.discord.press(answer, "Remove it", KEN);
    await eventually(() => rig.discord.answer(pressed)?.content.includes(`add  member ${GUILD}`));
  });
});

describe("a workspace", () => {
  test("is the server's; what is completed while typing is its own", async () => {
    const seen: string[] = [];
    await begin([echo, scriptedKb], {
      suggest: async ({ workspace }) => {
        seen.push(workspace);
        return [];
      },
    });
    for (const who of [{}, ELSEWHERE, { guild: undefined }])
      await eventually(
        (
          (typing) => () =>
            typing.answered === 8
        )(rig.discord.typing("/kb list", "target", "x", who)),
      );
    expect(seen).toEqual([GUILD, ELSEWHERE.guild, "dm-400000000000000001"]);
  });

  test("of someone who brought Heed along to a server that has none is their own", async () => {
    await begin([scriptedKb]);
    const owners = { "1": "400000000000000001" };
    const mine = rig.discord.slash("/kb list", {}, { ...ELSEWHERE, owners });
    await eventually(() => rig.discord.answer(mine)?.content.includes("list  admin dm-400000000000000001"));
    const both = rig.discord.slash("/kb list", {}, { owners: { "0": GUILD, ...owners } });
    await eventually(() => rig.discord.answer(both)?.content.includes(`list  member ${GUILD}`));
  });

  test("keeps a file's signed address to itself", async () => {
    await begin([echo]);
    const file = rig.discord.rest.addFile("payroll.pdf", new Uint8Array(3));
    const asked = rig.discord.slash("/ask", { question: "how much?", file: { file } });
    await eventually(() => rig.discord.answer(asked)?.content.includes("files payroll.pdf"));
    const [job] = [...rig.queue.jobs.values()];
    const { attachments } = JSON.parse(job!.invocation) as { attachments: { url?: string }[] };
    expect(attachments.map(({ url }) => url)).toEqual([undefined]);
  });
});
