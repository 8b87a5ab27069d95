// A value of unknown shape as the word it stands for: itself where it is one, JSON where it is not.

export function wordOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
