// Every code that Discord's list knows, and some that it does not: none ends the ladder before the asker's direct messages.

import { expect, test } from "@jest/globals";
import { RESTJSONErrorCodes } from "discord.js";
import { nextRung, topRung, type Ladder, type Rung } from "../../../adapters/kit/ladder.ts";
import { withoutLinks, hasLinks } from "../../../adapters/discord/render/markdown.ts";
import {
  blameOf,
  heldBy,
  PARTS,
  readRefused,
  reasonFor,
  type Part,
  type Refused,
} from "../../../adapters/discord/send/refused.ts";
import { BotError } from "../../../src/core/errors.ts";

const stages = [
  { place: "channel", by: "token", verb: "edit" },
  { place: "channel", by: "token", verb: "post" },
  { place: "channel", by: "bot", verb: "edit" },
  { place: "channel", by: "bot", verb: "post" },
  { place: "direct", by: "bot", verb: "post" },
] as const;
const ladder: Ladder<Part> = { stages, parts: PARTS };
const listed = Object.values(RESTJSONErrorCodes).filter((code) => typeof code === "number");
const codes = [...listed, 987_654, undefined];
const statuses = [400, 403, 404, 409, 413, 422];

/** An error as discord.js throws it for a message on this rung. */
function refusalOn({ stage, without }: Rung<Part>, status: number, code: number | undefined): BotError {
  const { by, verb } = stages[stage]!;
  const has = (part: Part) => !without.includes(part);
  const json = {
    content: has("links") ? "See https://e.com/." : "See.",
    components: has("components") ? [{}] : [],
    ...(has("reference") && { message_reference: {} }),
  };
  const cause = {
    status,
    code: code ?? 0,
    method: verb === "edit" ? "PATCH" : "POST",
    url: by === "token" ? "/webhooks/1/token" : "/channels/1/messages",
    rawError: { message: "In Discord's words" },
    requestBody: { json, files: has("files") ? [{}] : undefined },
  };
  return new BotError("forbidden", { en: "no", "zh-TW": "不" }, { cause });
}

test.each(statuses)(
  "%d with any code, refused for ever, goes all the way down in a bounded number of steps",
  (status) => {
    for (const code of codes) {
      const places = new Set<string>();
      let steps = 0;
      for (let rung: Rung<Part> | undefined = topRung; rung; steps++) {
        places.add(stages[rung.stage]!.place);
        const refused: Refused = readRefused(refusalOn(rung, status, code))!;
        const blame = blameOf(refused);
        expect(reasonFor(refused, false).en).toMatch(/\w/);
        rung = nextRung(ladder, rung, blame, heldBy(refused, blame));
      }
      expect([code, [...places]]).toEqual([code, ["channel", "direct"]]);
      expect(steps).toBeLessThanOrEqual(20);
    }
  },
);

test("a limit of pace and a failure that may pass are no refusals", () => {
  const of = (status: number) => refusalOn(topRung, status, 20_028).cause;
  expect(readRefused(of(429))).toBeUndefined();
  expect(readRefused(of(503))).toBeUndefined();
  expect(readRefused(new BotError("rate-limited", { en: "slow", "zh-TW": "慢" }, { cause: of(400) }))).toBeUndefined();
  expect(readRefused(new Error("a defect"))).toBeUndefined();
});

test("links become words that cannot be pressed and lose nothing", () => {
  const text = "See [the guide](<https://docs.example.com/a?b=1>), http://x.example/y and https://z.example.";
  const plain = withoutLinks(text);
  expect(plain).toBe("See the guide (docs[.]example[.]com/a?b=1), x[.]example/y and z[.]example[.]");
  expect([hasLinks(text), hasLinks(plain)]).toEqual([true, false]);
});

test("taking links out of any text takes no longer than reading it", () => {
  const text = `${"[".repeat(50_000)}${"[a](https://".repeat(20_000)}`;
  const before = performance.now();
  withoutLinks(text);
  expect(performance.now() - before).toBeLessThan(2000);
});
