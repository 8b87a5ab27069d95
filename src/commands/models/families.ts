// Shows `/models families`: the families, their versions, and the day on which this was known.

import type { Phrase } from "../../core/language.ts";
import type { Reply } from "../../core/reply.ts";
import type { ModelsCall } from "./args.ts";

export async function* showFamilies({ tools, say }: ModelsCall): AsyncGenerator<Reply, void, undefined> {
  const told = tools.models.families().filter(({ versions }) => versions.length > 0);
  for (const { name, maker, versions } of told) {
    const section = name === maker ? name : `${name} (${maker})`;
    const rows = versions.map(({ name, released, note }) => [name, released, say(note)]);
    yield { type: "table", section, table: { columns: COLUMNS.map(say), rows } };
  }
  const oldest = told.map(({ asOf }) => asOf).toSorted()[0] ?? "";
  yield { type: "note", text: say(dated(oldest)) };
}

const COLUMNS: readonly Phrase[] = [
  { en: "Version", "zh-TW": "版本" },
  { en: "Released", "zh-TW": "發布" },
  { en: "What it brought", "zh-TW": "特點" },
];

function dated(day: string): Phrase {
  return {
    en: `As of ${day}, as far as the vendors' own pages confirm it. /models shows what is available here right now.`,
    "zh-TW": `截至 ${day}，以供應商公布的資訊為準。這裡目前可用的模型請看 /models。`,
  };
}
