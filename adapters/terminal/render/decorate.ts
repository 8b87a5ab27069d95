// Renders emphasis for a terminal, by what its screen can show.

export interface Look {
  colours: boolean;
  /** Columns of the screen; undefined where lines may be of any length. */
  columns: number | undefined;
}

/** Bold, code and headings of a line of Markdown as the terminal can show them. */
export function decorate(line: string, { colours }: Pick<Look, "colours">): string {
  if (!colours) return line;
  return line
    .replace(/^#{1,6}\s+(.*)$/, style("$1", 1, 22))
    .replace(/\*\*([^*]+)\*\*/g, style("$1", 1, 22))
    .replace(/`([^`]+)`/g, style("$1", 36, 39));
}

export function bold(text: string, { colours }: Pick<Look, "colours">): string {
  return colours ? style(text, 1, 22) : text;
}

export function dim(text: string, { colours }: Pick<Look, "colours">): string {
  return colours ? style(text, 2, 22) : text;
}

function style(text: string, on: number, off: number): string {
  return `\u001B[${on}m${text}\u001B[${off}m`;
}
