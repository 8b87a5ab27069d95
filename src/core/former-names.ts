// Reads values that an earlier version stored under other names: receipts and destinations outlive an upgrade.

import { z } from "zod";

/** The schema, which also takes `former[old]` for the name of what is stored as `old`; a value under its present name wins. */
export function withFormerNames<Schema extends z.ZodType>(schema: Schema, former: Readonly<Record<string, string>>) {
  return z.preprocess((stored) => {
    if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return stored;
    const renamed = Object.entries(stored).map(([name, value]): [string, unknown] => [
      Object.hasOwn(former, name) ? former[name]! : name,
      value,
    ]);
    return { ...Object.fromEntries(renamed), ...pick(stored, Object.values(former)) };
  }, schema);
}

function pick(stored: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(stored).filter(([name]) => names.includes(name)));
}
