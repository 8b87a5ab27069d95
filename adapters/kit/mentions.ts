// Finds and removes the mentions of Heed in a text whose marks hold an id.

/** `mark` is global and captures the id; `mine` are the ids that mean Heed. */
export function mentionsAny(text: string, mark: RegExp, mine: readonly string[]): boolean {
  return [...text.matchAll(mark)].some(([, id = ""]) => mine.includes(id));
}

/** The text without its mentions of Heed, and without what parts the first of them from the words: "@heed, help". */
export function withoutMentions(text: string, mark: RegExp, mine: readonly string[]): string {
  const left = text.replace(mark, (mention, id: string) => (mine.includes(id) ? " " : mention));
  return left === text ? text.trim() : left.replace(/^[\s:,，：、]+/, "").trim();
}
