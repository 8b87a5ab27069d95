// Defines what the terminal adapter knows of its environment.

import { z } from "zod";
import type { Language } from "../../src/core/language.ts";

export const TerminalEnv = z.object({
  HEED_DATA_DIR: z
    .string()
    .default(".heed")
    .describe("Folder that keeps the prompt's history and the pictures of answers"),
  LANG: z.string().optional().describe("The terminal's locale; Chinese ones are answered in Chinese"),
  LC_ALL: z.string().optional().describe("Overrides LANG"),
  TERM: z.string().optional().describe('Kind of terminal; on a "dumb" one, answers are written when they are whole'),
  NO_COLOR: z.string().optional().describe("Set to anything for a terminal without colours"),
});

export interface TerminalSettings {
  /** One JSON object for each finished post, in place of text. */
  asJson: boolean;
  /** Whether the output is a screen on which rows can be wiped and written again. */
  isScreen: boolean;
  colours: boolean;
  locale: string | undefined;
  language: Language;
  /** How questions come in: from a person at the prompt, as one command of a script, or as lines of a pipe. */
  way: "chat" | "command" | "lines";
  historyFile: string;
  pictureFolder: string;
}
