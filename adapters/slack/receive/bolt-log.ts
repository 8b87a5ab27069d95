// Bolt's log lines in the house's log. Its debug lines carry whole payloads, so they are dropped.

import type { Logger, LogLevel } from "@slack/bolt";
import type { Log } from "../../../src/core/world.ts";

export function createBoltLog(log: Log, level: LogLevel): Logger {
  return {
    debug: () => {},
    info: (...words: unknown[]) => log.debug("slack library", line(words)),
    warn: (...words: unknown[]) => log.warn("slack library", line(words)),
    error: (...words: unknown[]) => log.error("slack library", line(words)),
    setLevel: () => {},
    getLevel: () => level,
    setName: () => {},
  };
}

function line(words: readonly unknown[]): { message: string } {
  return { message: words.map(describe).join(" ") };
}

function describe(word: unknown): string {
  if (word instanceof Error) return `${word.name}: ${word.message}`;
  return typeof word === "string" ? word : JSON.stringify(word);
}
