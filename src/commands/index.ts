// The list of commands.

import type { Command } from "../core/command.ts";
import { ask } from "./ask.ts";
import { compare } from "./compare.ts";
import { explainAttention } from "./explain-attention.ts";
import { feedback } from "./feedback.ts";
import { forget } from "./forget.ts";
import { help } from "./help.ts";
import { kb } from "./kb.ts";
import { models } from "./models.ts";

export const commands: readonly Command[] = [ask, compare, explainAttention, models, kb, feedback, forget, help];
