// Writes what the schemas know into the papers: .env.example, and the table of variables in README.md.
// `node tools/papers.ts` writes them; a test fails when they no longer say what the code says.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { platforms } from "../adapters/index.ts";
import { ModelEnv, providers } from "../src/models/index.ts";
import { Settings } from "../src/world/config.ts";

const ROOT = join(import.meta.dirname, "..");
const TABLE = /(<!-- variables -->\n)[\s\S]*(<!-- \/variables -->)/;

interface Variable {
  name: string;
  meaning: string;
  byDefault: string;
}

interface Chapter {
  title: string;
  variables: readonly Variable[];
}

/** Every variable once, under the room that reads it first. */
export function chapters(): readonly Chapter[] {
  const seen = new Set<string>();
  const chapter = (title: string, schema: z.ZodObject): Chapter => ({
    title,
    variables: variablesOf(schema).filter(({ name }) => !seen.has(name) && seen.add(name)),
  });
  return [
    chapter("Heed", Settings),
    chapter("Models", ModelEnv),
    ...providers.map(({ name, env }) => chapter(name, env)),
    ...platforms.map(({ name, env }) => chapter(name, env)),
  ].filter(({ variables }) => variables.length > 0);
}

function variablesOf(schema: z.ZodObject): Variable[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return Object.entries(properties).map(([name, property]) => {
    const { description = "", default: byDefault = "" } = typeof property === "object" ? property : {};
    return { name, meaning: schema.shape[name]?.meta()?.description ?? description, byDefault: String(byDefault) };
  });
}

export function envExample(): string {
  const parts = chapters().map(({ title, variables }) => {
    const lines = variables.map(
      ({ name, meaning, byDefault }) => `# ${meaning}.\n${byDefault ? `# ${name}=${byDefault}` : `${name}=`}`,
    );
    return `## ${title}\n\n${lines.join("\n\n")}`;
  });
  return `# Copy to .env and fill in what you have. Empty means not configured. Written by tools/papers.ts from the schemas.\n\n${parts.join("\n\n")}\n`;
}

export function readmeWithTable(readme: string): string {
  const rows = chapters().flatMap(({ variables }) =>
    variables.map(
      ({ name, meaning, byDefault }) => `| \`${name}\` | ${meaning} | ${byDefault && `\`${byDefault}\``} |`,
    ),
  );
  const table = ["| variable | what it is | default |", "| --- | --- | --- |", ...rows].join("\n");
  return readme.replace(TABLE, (_, open: string, close: string) => `${open}${table}\n${close}`);
}

if (import.meta.filename === process.argv[1]) {
  const readme = join(ROOT, "README.md");
  writeFileSync(join(ROOT, ".env.example"), envExample());
  writeFileSync(readme, readmeWithTable(readFileSync(readme, "utf8")));
}
