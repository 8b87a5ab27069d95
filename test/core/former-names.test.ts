// What an earlier version stored is read under its present names.

import { expect, test } from "@jest/globals";
import { z } from "zod";
import { Destination as DiscordDestination, readReceipt } from "../../adapters/discord/destination.ts";
import { Destination as SlackDestination, Receipt as SlackReceipt } from "../../adapters/slack/destination.ts";
import { withFormerNames } from "../../src/core/former-names.ts";

const Stored = withFormerNames(z.object({ route: z.string(), many: z.number().default(0) }), { way: "route" });

test.each([
  [{ way: "token" }, { route: "token", many: 0 }],
  [
    { route: "token", many: 2 },
    { route: "token", many: 2 },
  ],
  [
    { way: "old", route: "new" },
    { route: "new", many: 0 },
  ],
])("%j is read", (stored, read) => expect(Stored.parse(stored)).toEqual(read));

test.each([null, undefined, 3, "x", [{ way: "token" }], {}])("%j is refused as before", (stored) =>
  expect(Stored.safeParse(stored).success).toBe(false),
);

test("receipts and destinations of version 0.1 keep what they said", () => {
  expect(SlackReceipt.parse({ whispered: 2, enclosures: ["a.png"] })).toMatchObject({
    ephemeralSent: 2,
    sharedFiles: ["a.png"],
  });
  expect(SlackDestination.parse({ id: "i", team: "T", user: "U", channel: "C", takesPlace: true })).toMatchObject({
    replacesResponse: true,
  });
  expect(readReceipt({ way: "channel", channel: "1", parts: [] })).toMatchObject({ route: "channel" });
  expect(DiscordDestination.safeParse({}).success).toBe(false);
});
