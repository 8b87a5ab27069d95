// Keeps what was typed in a file of the data folder that only its owner may read.

import { appendFileSync, readFileSync } from "node:fs";

const MOST_LINES = 500;

export interface History {
  /** Newest first, as readline wants it. */
  lines: string[];
  add(line: string): void;
}

/** A history that cannot be read is an empty one, and one that cannot be written is forgotten: nothing is lost but comfort. */
export function openHistory(file: string): History {
  return {
    lines: readHistory(file).slice(-MOST_LINES).toReversed(),
    add(line) {
      try {
        appendFileSync(file, `${line.replaceAll("\n", " ")}\n`, { mode: 0o600 });
      } catch {
        // The start has already said what is wrong with the folder.
      }
    },
  };
}

function readHistory(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}
