// Lists the commands.

import type { Command } from "../core/command.ts";
import { ask } from "./ask/index.ts";
import { compare } from "./compare/index.ts";
import { explainAttention } from "./explain-attention/index.ts";
import { feedback } from "./feedback.ts";
import { forget } from "./forget.ts";
import { help } from "./help.ts";
import { kb } from "./kb/index.ts";
import { models } from "./models/index.ts";

export const commands: readonly Command[] = [ask, compare, explainAttention, models, kb, feedback, forget, help];
