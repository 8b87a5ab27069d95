// A command for tests of who sees what: one view for each audience, one of them for admins, each saying a secret of its own.

import { z } from "zod";
import { defineCommand } from "../../src/core/command.ts";
import type { Audience } from "../../src/core/privacy.ts";
import type { Reply } from "../../src/core/reply.ts";

const say = (en: string) => ({ en, "zh-TW": en });
const view = (audience: Audience) => ({
  audience,
  async *run(): AsyncGenerator<Reply> {
    yield { type: "text", text: `This is for ${audience}.` };
  },
});

export const look = defineCommand({
  name: "look",
  summary: say("Look"),
  access: "everyone",
  args: z.object({ action: z.enum(["everyone", "typist", "asker", "admin"]) }),
  describe: { action: say("What") },
  examples: [],
  views: {
    everyone: view("everyone"),
    typist: view("typist"),
    asker: view("asker"),
    admin: { ...view("asker"), admins: say("Only admins may look.") },
  },
  choose: ({ action }) => action,
});
