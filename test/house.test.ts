// The rules of the house, held against every import. docs/architecture.md says why each stands.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";

/** A room, and what its files may import besides their own folder. The first match holds. */
const RULES: readonly [room: RegExp, may: RegExp][] = [
  [/^src\/core\//, /^$/],
  [/^src\/(commands|models|knowledge|attention|runtime)\//, /^src\/core\//],
  [/^src\/bot\//, /^src\//],
  [/^adapters\/main\.ts$/, /^(src\/(core|runtime|commands)|adapters)\//],
  [/^adapters\/index\.ts$/, /^(src\/core|adapters)\//],
  [/^adapters\/kit\//, /^src\/core\//],
  [/^adapters\/[^/]+\//, /^(src\/core|adapters\/kit)\//],
  [/^workers\/start\.ts$/, /^(src\/(core|bot|runtime)|adapters)\//],
  [/^workers\//, /^(src\/(core|bot|runtime)\/|adapters\/index\.ts$)/],
];

/** A package that only one file or folder may know. */
const HOMES: Readonly<Record<string, RegExp>> = {
  bullmq: /^src\/runtime\//,
  ioredis: /^src\/runtime\//,
  "@electric-sql/pglite": /^src\/runtime\//,
  pino: /^src\/runtime\/runtime\.ts$/,
  "node:sqlite": /^src\/(knowledge\/stores\/embedded|runtime\/)/,
  openai: /^src\/models\/openai/,
  "@anthropic-ai/sdk": /^src\/models\/anthropic/,
  "@mistralai/mistralai": /^src\/models\/mistral/,
  "@slack/bolt": /^adapters\/slack\//,
  "discord.js": /^adapters\/discord\//,
};

const LONGEST_FILE = 400;

const files = ["src", "adapters", "workers"].flatMap((root) =>
  existsSync(root)
    ? readdirSync(root, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => join(root, name))
    : [],
);
const text = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
const IMPORT = /(?:^|\n)(?:import|export)\b[^;]*?from\s+"([^"]+)"|\bimport\(\s*"([^"]+)"/g;
const imports = new Map(
  files.map((file) => [file, [...text.get(file)!.matchAll(IMPORT)].map((match) => match[1] ?? match[2]!)]),
);
const neighbours = (file: string) =>
  imports
    .get(file)!
    .filter((name) => name.startsWith("."))
    .map((name) => join(dirname(file), name));
/** "src/models", "adapters/slack", "workers": the folder that a file lives in, at most two deep. */
const roomOf = (file: string) => dirname(file).split("/").slice(0, 2).join("/");

describe("the house", () => {
  test("every import runs down", () => {
    const broken = files.flatMap((file) => {
      const rule = RULES.find(([room]) => room.test(file));
      if (!rule) return [`${file} is in no room`];
      return neighbours(file)
        .filter((to) => roomOf(to) !== roomOf(file) && !rule[1].test(to))
        .map((to) => `${file} -> ${to}`);
    });
    expect(broken).toEqual([]);
  });

  test("in a platform, nothing that renders or sends knows how to receive, and nothing that renders knows how to send", () => {
    const above: Readonly<Record<string, readonly string[]>> = { render: ["receive", "send"], send: ["receive"] };
    const broken = files.flatMap((file) => {
      const [, platform, room = ""] = /^adapters\/([^/]+)\/([^/]+)\//.exec(file) ?? [];
      const forbidden = (above[room] ?? []).map((name) => `adapters/${platform}/${name}/`);
      return neighbours(file)
        .filter((to) => forbidden.some((folder) => to.startsWith(folder)))
        .map((to) => `${file} -> ${to}`);
    });
    expect(broken).toEqual([]);
  });

  test("no circle, not even of types", () => {
    const circles: string[] = [];
    const done = new Set<string>();
    const walk = (file: string, path: string[]): void => {
      if (path.includes(file)) circles.push([...path, file].join(" -> "));
      if (done.has(file) || path.includes(file)) return;
      for (const to of neighbours(file).filter((name) => text.has(name))) walk(to, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });

  test("nobody reaches into a comparison but /compare", () => {
    const inside = /^src\/commands\/compare(?:\.ts$|\/)/;
    const strays = files
      .filter((file) => !inside.test(file) && file !== "src/commands/index.ts")
      .flatMap((file) =>
        neighbours(file)
          .filter((to) => inside.test(to))
          .map((to) => `${file} -> ${to}`),
      );
    expect(strays).toEqual([]);
  });

  test("a package lives in one room", () => {
    const strays = files.flatMap((file) =>
      imports
        .get(file)!
        .filter((name) => HOMES[packageOf(name)]?.test(file) === false)
        .map((name) => `${file} imports ${name}`),
    );
    expect(strays).toEqual([]);
  });

  test("the ground floor needs nothing but zod, and threads and processes where it talks to one", () => {
    const allowed: Readonly<Record<string, readonly string[]>> = {
      "src/core/worker-rpc.ts": ["node:worker_threads", "node:util"],
      "src/core/worker-peer.ts": ["node:child_process", "node:net", "node:worker_threads"],
    };
    const outside = files
      .filter((file) => file.startsWith("src/core/"))
      .flatMap((file) =>
        imports.get(file)!.filter((name) => !/^(\.|zod$)/.test(name) && !allowed[file]?.includes(name)),
      );
    expect(outside).toEqual([]);
  });

  test("the environment is read in one place", () => {
    const readers = files.filter((file) => /process\.env\b/.test(text.get(file)!));
    expect(readers.filter((file) => file !== "src/runtime/config.ts")).toEqual([]);
  });

  test("waits, races and aborts are written once, in src/core/async.ts", () => {
    const BY_HAND: Readonly<Record<string, readonly string[]>> = {
      "Promise.race(": [
        // Of several ends the first: nobody is late, and nothing is aborted.
        "workers/start.ts",
        "adapters/discord/receive/gateway.ts",
      ],
      // The event of a page that is never rendered is forgotten; no wait ends by it.
      'addEventListener("abort"': ["src/knowledge/formats/pdf-worker.ts"],
      "setTimeout(": ["src/runtime/process.ts", "src/runtime/queue/shutdown.ts", "adapters/slack/receive/http.ts"],
    };
    const strays = Object.entries(BY_HAND).flatMap(([words, may]) =>
      files
        .filter((file) => file !== "src/core/async.ts" && !may.includes(file) && text.get(file)!.includes(words))
        .map((file) => `${file}: ${words}`),
    );
    expect(strays).toEqual([]);
  });

  test("an exported function's name is its own; rooms of one contract may answer to the same", () => {
    const SHARED = new Set([
      "linesOf",
      "namesOf",
      "oneOf",
      "openThread",
      "placeOf",
      "plainOf",
      "removeDocument",
      "renderTable",
      "search",
      "split",
    ]);
    const rooms = new Map<string, string[]>();
    for (const file of files)
      for (const [, name = ""] of text.get(file)!.matchAll(/^export (?:async )?function\*? ?(\w+)/gm))
        rooms.set(name, [
          ...(rooms.get(name) ?? []),
          /^(?:adapters|src\/knowledge\/stores)\/[^/.]+\//.exec(file)?.[0] ?? "",
        ]);
    const isShared = (where: readonly string[]) =>
      where.length > 1 && (where.includes("") || where.includes("adapters/kit/") || new Set(where).size < where.length);
    const shared = [...rooms].filter(([name, where]) => isShared(where) && !SHARED.has(name));
    expect(shared).toEqual([]);
  });

  test("every file opens by saying why it exists, and none is long", () => {
    expect(files.filter((file) => !text.get(file)!.startsWith("// "))).toEqual([]);
    expect(files.filter((file) => text.get(file)!.split("\n").length > LONGEST_FILE + 1)).toEqual([]);
  });

  test("nothing is silenced", () => {
    const silenced = /\bas any\b|: any\b|@ts-ignore|@ts-expect-error|oxlint-disable|eslint-disable/;
    expect(files.filter((file) => silenced.test(text.get(file)!))).toEqual([]);
  });
});

function packageOf(name: string): string {
  if (name.startsWith("node:")) return name;
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}
