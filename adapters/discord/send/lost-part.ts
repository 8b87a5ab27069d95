// A part that Discord took while nobody was left to write that down, found again among the messages below the answer.

import { z } from "zod";
import type { World } from "../../../src/core/world.ts";
import type { Destination, Part, Receipt } from "../destination.ts";
import type { Send } from "../rest.ts";
import { snowflakeOf } from "../scene.ts";

const MOST_MESSAGES = 100;

const Message = z.object({
  id: z.string(),
  content: z.string().default(""),
  application_id: z.string().nullish(),
  /** Which interaction the message answers. */
  interaction_metadata: z.object({ id: z.string() }).nullish(),
});

/**
 * The first message of this answer that the receipt does not know. Messages by an interaction's token carry no nonce,
 * so this is how a retried job posts none twice. Undefined where none stands or Heed may not look; private ones are never listed.
 */
export async function findLostPart(
  content: string,
  receipt: Receipt,
  to: Destination,
  { send, world }: { send: Send; world: World },
  signal: AbortSignal,
): Promise<Part | undefined> {
  const last = receipt.parts.at(-1)?.message;
  if (to.isPrivate || receipt.way !== "token" || !last) return undefined;
  const { channel } = receipt;
  const query = { after: last, limit: String(MOST_MESSAGES) };
  try {
    const { body } = await send({ method: "GET", path: `/channels/${channel}/messages`, query, signal });
    const found = z
      .array(Message)
      .parse(body)
      .filter((message) => isOwn(message, content, to))
      .toSorted((a, b) => Number(BigInt(a.id) - BigInt(b.id)))[0];
    return found && { message: found.id, channel, isOriginal: false, isByToken: true };
  } catch (error) {
    signal.throwIfAborted();
    world.log.info("discord: cannot look for a lost part", { job: to.job, error });
    return undefined;
  }
}

function isOwn(message: z.infer<typeof Message>, content: string, to: Destination): boolean {
  if (message.interaction_metadata) return message.interaction_metadata.id === snowflakeOf(to.job);
  return message.application_id === to.application && message.content.trim() === content.trim();
}
