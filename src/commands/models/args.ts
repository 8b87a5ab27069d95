// Defines the arguments of `/models`.

import { z } from "zod";
import type { CommandContext } from "../../core/command.ts";

export const modelsArgs = z.object({
  action: z.enum(["list", "families", "test"]).optional(),
  for: z.string().trim().min(1).max(300).optional(),
});
export type ModelsCall = CommandContext<z.infer<typeof modelsArgs>>;
