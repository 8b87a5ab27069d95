// From what was asked to a durable job and the word that it was taken, in this order.

import { isForAskerAlone, type Way } from "../../../src/core/audience.ts";
import type { Invocation } from "../../../src/core/invocation.ts";
import type { Privacy } from "../../../src/core/privacy.ts";
import type { Records } from "../../../src/core/records.ts";
import type { World } from "../../../src/core/world.ts";
import { accept } from "../../kit/accept.ts";
import type { FollowUps } from "../../kit/follow-ups.ts";
import type { StoppingDoor } from "../../kit/stop.ts";
import type { Interaction } from "../payloads.ts";
import { respondTo } from "./respond.ts";
import type { Send } from "../rest.ts";
import { addressOf, jobIdOf, sceneOf, type Asked, type Facing, type Scene } from "../scene.ts";
import type { DiscordSettings } from "../settings.ts";

/** What the listening side works with. */
export interface Ear {
  door: StoppingDoor;
  followUps: FollowUps;
  send: Send;
  world: World;
  records: Records;
  settings: DiscordSettings;
  /** Whether a channel of a guild is for those who were let in. */
  isClosed: (guild: string, channel: string) => boolean;
}

/** Discord waits three seconds for the first word. */
export const QUEUE_MAY_TAKE_MS = 2000;

/** How it was asked, and where the answer may go. */
export interface Manner extends Pick<Facing, "inPlace">, Way {
  /** Who could read what was asked; the scene tells where it was asked there. */
  privacy?: Privacy | undefined;
  /** The workspace of the answer that this follows from: in direct messages it may be a guild's. */
  workspace?: string | undefined;
}

/** Queues it, then defers; tells the asker alone when the queue is down. A slow queue is waited for behind a defer. */
export async function submit(interaction: Interaction, asked: Asked, manner: Manner, ear: Ear): Promise<void> {
  const respond = respondTo(interaction, ear);
  const scene = sceneIn(manner.workspace, sceneOf(interaction, ear.settings.adminRoles));
  const isPrivate = isForAskerAlone({ ...asked, user: scene.user }, ear.door.commands, manner);
  // What others see is no place for what one person alone may.
  const inPlace = isPrivate && !manner.isPrivate ? undefined : manner.inPlace;
  const facing = { isPrivate, ...(inPlace && { inPlace }), privacy: manner.privacy ?? privacyIn(scene, ear) };
  const invocation = invocationOf(interaction, asked, scene, facing, ear);
  const defer = () => (inPlace ? respond.deferUpdate() : respond.defer(isPrivate));
  await accept(invocation, QUEUE_MAY_TAKE_MS, ear, {
    taken: async (isSlow) => {
      if (!isSlow) await defer();
    },
    slow: defer,
    refused: (phrase, isSlow) => (isSlow ? respond.correct(phrase) : respond.tell(phrase)),
  });
}

/** An answer of a guild that went on in direct messages still belongs to that guild, where nobody is its admin by being alone. */
function sceneIn(workspace: string | undefined, scene: Scene): Scene {
  if (workspace === undefined || workspace === scene.workspace) return scene;
  return { ...scene, workspace, user: { ...scene.user, isAdmin: false } };
}

function privacyIn({ privacy, workspace, channel }: Scene, { isClosed }: Ear): Privacy {
  return privacy === "public" && isClosed(workspace, channel) ? "closed" : privacy;
}

function invocationOf(
  interaction: Interaction,
  asked: Asked,
  scene: Scene,
  shown: Pick<Facing, "isPrivate" | "inPlace" | "privacy">,
  { door, world }: Ear,
): Invocation {
  const id = jobIdOf(interaction.id);
  const now = world.now();
  const facing: Facing = {
    ...shown,
    job: id,
    application: interaction.application_id,
    interaction: { token: interaction.token, at: now },
    fileLimit: interaction.attachment_size_limit,
  };
  const address = addressOf(scene, facing, asked, door.commands);
  return { ...asked, id, user: scene.user, address, receivedAt: now };
}
