// The list of commands.

import type { Command } from "../core/command.ts";
import { ask } from "./ask.ts";
import { explainAttention } from "./explain-attention.ts";
import { help } from "./help.ts";
import { kb } from "./kb.ts";

export const commands: readonly Command[] = [ask, explainAttention, kb, help];
