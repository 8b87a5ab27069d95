// What Discord would refuse of the first word back on an interaction.

import type { FakeComponent } from "./state.ts";
import { firstProblem, problemWith, rulesForOptions, type Rule } from "./validate.ts";

/** Which kinds of first word each kind of interaction takes. */
const TAKES: Readonly<Record<number, readonly number[]>> = {
  2: [4, 5, 9],
  3: [4, 5, 6, 7, 9],
  4: [8],
  5: [4, 5, 6, 7],
};

interface Modal {
  title?: string;
  custom_id?: string;
  components?: { type: number; label?: string; description?: string; component?: FakeField }[];
}
type FakeField = FakeComponent & { value?: string; max_length?: number; style?: number };

/** `kind` is the interaction's, `type` the callback's. */
export function problemWithCallback(kind: number, type: number, data: object): string | undefined {
  if (!TAKES[kind]?.includes(type)) return `type: an interaction of type ${kind} takes no ${type}`;
  if (type === 4 || type === 7) return problemWith(data, [], "token-post");
  if (type === 5) return firstProblem([[Object.keys(data).some((key) => key !== "flags"), "data: flags alone"]]);
  if (type === 8) return firstProblem(rulesForChoices(data));
  return type === 9 ? firstProblem(rulesForModal(data)) : undefined;
}

function rulesForChoices({ choices = [] }: { choices?: { name: string; value: unknown }[] }): Rule[] {
  return [
    [choices.length > 25, "choices: at most 25"],
    ...choices.map(({ name, value }): Rule => [
      name.length < 1 || name.length > 100 || !name.isWellFormed() || String(value).length > 100,
      "choices: 1 to 100 characters",
    ]),
  ];
}

function rulesForModal({ title = "", custom_id = "", components = [] }: Modal): Rule[] {
  const fields = components.flatMap(({ component }) => (component ? [component] : []));
  return [
    [title.length < 1 || title.length > 45, "title: 1 to 45"],
    [custom_id.length < 1 || custom_id.length > 100, "custom_id: 1 to 100"],
    [components.length < 1 || components.length > 5, "components: 1 to 5"],
    [components.some(({ type }) => type !== 18), "components: labels"],
    [components.some(({ label = "" }) => label.length < 1 || label.length > 45), "label: 1 to 45"],
    [components.some(({ description = "" }) => description.length > 100), "description: at most 100"],
    [new Set(fields.map((field) => field.custom_id)).size !== components.length, "custom_id: one each"],
    ...fields.flatMap(rulesForField),
  ];
}

function rulesForField(field: FakeField): Rule[] {
  const { type, value = "", max_length = 4000, style = 0 } = field;
  if (type === 3) return rulesForOptions(field);
  return [
    [type !== 4, "component: a text or a select"],
    [style !== 1 && style !== 2, "style: 1 or 2"],
    [max_length < 1 || max_length > 4000, "max_length: 1 to 4000"],
    [value.length > max_length || !value.isWellFormed(), "value: within its own length"],
  ];
}
