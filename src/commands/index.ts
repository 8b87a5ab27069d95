// The list of commands.

import type { Command } from "../core/command.ts";
import { ask } from "./ask.ts";
import { feedback } from "./feedback.ts";
import { forget } from "./forget.ts";
import { help } from "./help.ts";
import { kb } from "./kb.ts";

export const commands: readonly Command[] = [ask, kb, feedback, forget, help];
