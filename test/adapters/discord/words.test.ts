// The small words of the Discord adapter: settings, references, admins, refusals, options.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { failureOf, isRefused, refusalOf } from "../../../adapters/discord/failures.ts";
import { isAdmin, permissionsIn } from "../../../adapters/discord/member.ts";
import { readReference, writeReference } from "../../../adapters/discord/render/reference.ts";
import { optionName } from "../../../adapters/discord/notation.ts";
import { describeCommands } from "../../../adapters/discord/receive/register.ts";
import { nonceOf } from "../../../adapters/discord/send/request.ts";
import { DiscordEnv, settingsOf } from "../../../adapters/discord/settings.ts";
import { commands } from "../../../src/commands/index.ts";
import { BotError } from "../../../src/core/errors.ts";
import { readEnv } from "../../../src/core/environment.ts";
import { problemWithCommands, type FakeCommand } from "../../fakes/discord/validate-commands.ts";

const settings = (env: Record<string, string>) => settingsOf(readEnv(DiscordEnv, { DISCORD_TOKEN: "t", ...env })!);

describe("settings", () => {
  test.each([
    ["http://127.0.0.1:9/api", "http://127.0.0.1:9/api", "10"],
    ["http://127.0.0.1:9/api/", "http://127.0.0.1:9/api", "10"],
    ["http://127.0.0.1:9/api/v10", "http://127.0.0.1:9/api", "10"],
    ["http://127.0.0.1:9/api/v9/", "http://127.0.0.1:9/api", "9"],
    ["http://127.0.0.1:9", "http://127.0.0.1:9", "10"],
  ])("the address %s", (DISCORD_API_URL, api, version) => {
    expect(settings({ DISCORD_API_URL })).toMatchObject({ api, version });
  });

  test("a wrong value is named with its fix", () => {
    expect(() => settings({ DISCORD_GUILD_ID: "my server" })).toThrow(/DISCORD_GUILD_ID is wrong.*number of a server/);
    expect(() => settings({ DISCORD_ADMIN_ROLES: "@teachers" })).toThrow(/role numbers/);
    expect(readEnv(DiscordEnv, {})).toBeUndefined();
  });

  test("lists and switches", () => {
    const read = settings({
      DISCORD_ADMIN_ROLES: "1 , 2",
      DISCORD_MESSAGE_CONTENT: "yes",
      DISCORD_SHARDS: "4",
      DISCORD_SHARD_IDS: "0,3",
    });
    expect(read).toMatchObject({ adminRoles: ["1", "2"], readsAll: true, shardCount: 4, shardIds: [0, 3] });
    expect(settings({})).toMatchObject({ adminRoles: [], readsAll: false });
  });
});

describe("a button's reference", () => {
  test("comes back as it was written", () => {
    const id = fc.bigInt({ min: 0n, max: 2n ** 64n }).map((number) => `discord-${number}`);
    fc.assert(
      fc.property(id, fc.nat(99), (job, index) => {
        const written = writeReference("act", job, String(index));
        expect(written.length).toBeLessThanOrEqual(100);
        expect(readReference(written)).toEqual({ verb: "act", job, rest: String(index) });
      }),
    );
  });

  test("that Heed did not write means nothing", () => {
    fc.assert(
      fc.property(fc.string(), (text) =>
        expect(["act", "quote", "stop", "thread", "again", "more", undefined]).toContain(readReference(text)?.verb),
      ),
    );
    expect(readReference("delete:discord-1:0")).toBeUndefined();
    expect(() => writeReference("act", "x".repeat(100))).toThrow(RangeError);
  });
});

describe("admins", () => {
  test("are those with Manage Server, Administrator or a listed role", () => {
    expect(isAdmin({ roles: [], permissions: "32" }, [])).toBe(true);
    expect(isAdmin({ roles: [], permissions: "2147483656" }, [])).toBe(true);
    expect(isAdmin({ roles: ["r"], permissions: "0" }, ["r"])).toBe(true);
    expect(isAdmin({ roles: ["r"], permissions: "1024" }, [])).toBe(false);
    expect(isAdmin({ roles: [], permissions: "not a number" }, [])).toBe(false);
  });

  test("a member has what their roles and everyone's have together", () => {
    const rights = {
      owner: "o",
      roles: [
        { id: "g", permissions: "1" },
        { id: "a", permissions: "2" },
        { id: "b", permissions: "32" },
      ],
    };
    expect(permissionsIn("g", rights, { id: "x", roles: ["a"] })).toBe("3");
    expect(permissionsIn("g", rights, { id: "o", roles: [] })).toBe("8");
  });
});

describe("what Discord refuses", () => {
  test.each([
    [{ status: 403, code: 50_013 }, "forbidden"],
    [{ status: 403, code: 50_001 }, "forbidden"],
    [{ status: 404, code: 10_062 }, "not-found"],
    [{ status: 400, code: 50_035 }, "forbidden"],
    [{ status: 401, code: 0 }, "misconfigured"],
    [{ status: 413, code: 40_005 }, "too-large"],
    [{ status: 502 }, "unavailable"],
    [{ status: 429, code: 0 }, "rate-limited"],
    [new Error("socket hang up"), "connection-lost"],
  ])("%o", (cause, code) => {
    const failure = failureOf(cause);
    expect(failure).toBeInstanceOf(BotError);
    expect(failure.code).toBe(code);
    expect(failure.phrase["zh-TW"]).toMatch(/\p{Script=Han}/u);
  });

  test("keeps Discord's own code, and how long to wait", () => {
    expect(refusalOf(failureOf({ status: 404, code: 10_008 }))).toBe(10_008);
    expect(isRefused(failureOf({ status: 500 }), 10_008)).toBe(false);
    expect(failureOf({ retryAfter: 61_000 }).retryAfterMs).toBe(61_000);
  });
});

test("a nonce is the same for the same part, another for another, and never too long", () => {
  expect(nonceOf("discord-1", "2", 0)).toBe(nonceOf("discord-1", "2", 0));
  expect(nonceOf("discord-1", "2", 0)).not.toBe(nonceOf("discord-1", "2", 1));
  expect(nonceOf("discord-1574543591835959304", "300000000000000001", 9).length).toBeLessThanOrEqual(25);
});

describe("commands as Discord hears of them", () => {
  test("the menu for attention is there where the command is", () => {
    const names = describeCommands(commands).map(({ name }) => name);
    expect(names.includes("Explain attention")).toBe(commands.some(({ name }) => name === "explain-attention"));
    expect(names).toContain("Ask Heed about this");
  });

  test("are such as Discord takes, in both languages, for all guilds and for one", () => {
    expect(optionName("maxTokens")).toBe("max-tokens");
    for (const isForOneGuild of [false, true]) {
      const described = describeCommands(commands, { isForOneGuild }) as unknown as FakeCommand[];
      expect(problemWithCommands(described, isForOneGuild)).toBeUndefined();
    }
  });

  test("every word that has Chinese letters elsewhere has them in the Chinese interface", () => {
    const words = (described: FakeCommand[]): [string, string | undefined][] =>
      described.flatMap(({ name, name_localizations, options = [], choices = [] }) => [
        [name, name_localizations?.["zh-TW"]],
        ...choices.map((choice): [string, string | undefined] => [choice.name, choice.name_localizations?.["zh-TW"]]),
        ...words(options),
      ]);
    const bare = words(describeCommands(commands) as unknown as FakeCommand[]).filter(([, chinese]) => !chinese);
    expect(bare.map(([name]) => name)).toEqual(["png", "svg", "wq", "wk", "wv"]);
  });

  test("an action says what it does, and takes only what it can use", () => {
    const kb = describeCommands(commands).find(({ name }) => name === "kb") as unknown as FakeCommand;
    const takes = kb.options!.map(({ name, options = [] }) => [
      name,
      options.filter(({ type }) => type === 3).map(({ required, autocomplete }) => [required, autocomplete]),
    ]);
    expect(Object.fromEntries(takes)).toEqual({
      add: [[false, false]],
      list: [[false, false]],
      show: [[true, true]],
      remove: [[true, true]],
      search: [[true, false]],
      keep: [[true, false]],
      questions: [],
      answered: [[true, false]],
      status: [],
    });
    expect(new Set(kb.options!.map(({ description }) => description)).size).toBe(kb.options!.length);
  });

  test("commands for admins are hidden by Discord too, unless roles are listed that it does not know of", () => {
    const [ask] = commands;
    const admins = [{ ...ask!, access: "admins" as const }];
    expect(describeCommands(admins)[0]?.["default_member_permissions"]).toBe("32");
    expect(describeCommands(admins, { hasAdminRoles: true })[0]?.["default_member_permissions"]).toBeNull();
  });
});
