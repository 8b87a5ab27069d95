// Publishes and reads the values that can be completed while they are typed.

import { z } from "zod";
import type { Command, Toolbox } from "./command.ts";
import { namesOf } from "./names.ts";
import type { Records } from "./records.ts";

/** One value, and the words it is shown under. */
export const Suggestion = z.object({ value: z.string(), label: z.string() });
export type Suggestion = z.infer<typeof Suggestion>;

/** More would not fit a record, and nobody pages through them. */
const MOST = 500;
const LONGEST_LABEL = 100;
const MODELS = "suggest/models";

const Suggestions = z.array(Suggestion);

export async function publishModels({ models, records }: Pick<Toolbox, "models" | "records">): Promise<void> {
  const names = models.names().slice(0, MOST);
  await records.set(
    MODELS,
    names.map((name) => ({ value: name, label: name })),
  );
}

export async function publishDocuments(
  tools: Pick<Toolbox, "knowledge" | "records">,
  workspace: string,
): Promise<void> {
  const documents = await tools.knowledge.list(workspace);
  const newest = documents.toSorted((a, b) => b.addedAt - a.addedAt).slice(0, MOST);
  const values = newest.map(({ id, title }) => ({ value: id, label: `${title} · ${id}`.slice(-LONGEST_LABEL) }));
  await tools.records.set(documentsOf(workspace), values);
}

/** Those that hold what was typed, best known first. Of a list with commas, the last name is completed. */
export async function suggest(
  kind: "model" | "document",
  { typed, workspace }: { typed: string; workspace: string },
  records: Records,
): Promise<readonly Suggestion[]> {
  const key = kind === "model" ? MODELS : documentsOf(workspace);
  const known = Suggestions.safeParse(await records.get(key)).data ?? [];
  const [, before = "", word = typed] = (kind === "model" && /^(.*,\s*)([^,]*)$/.exec(typed)) || [];
  const fitting = known.filter(({ label }) => label.toLowerCase().includes(word.trim().toLowerCase()));
  return fitting.map(({ value, label }) => ({ value: before + value, label: before + label }));
}

/** Commands by the beginning of any of their names. */
export function suggestCommands(commands: readonly Command[], { typed }: { typed: string }): readonly Suggestion[] {
  const begun = typed.trim().replace(/^\//, "").toLowerCase();
  const fitting = commands.filter((command) => namesOf(command.name, command).some((name) => name.startsWith(begun)));
  return fitting.map((command) => ({ value: command.name, label: namesOf(command.name, command).join(" · ") }));
}

function documentsOf(workspace: string): string {
  return `suggest/documents/${workspace}`;
}
