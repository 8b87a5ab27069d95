// Who somebody is in their workspace: name, language, and whether they may change the knowledge base.

import { z } from "zod";
import type { User } from "../../../src/core/invocation.ts";
import type { World } from "../../../src/core/world.ts";
import type { CallSlack } from "../api.ts";

/** Rights that were taken away hold this much longer. */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 5000;
/** A question waits this long for its asker's name, not longer. */
const PATIENCE_MS = 1200;

const Answer = z.looseObject({
  user: z.looseObject({
    id: z.string(),
    team_id: z.string().nullish(),
    name: z.string().nullish(),
    locale: z.string().nullish(),
    is_admin: z.boolean().nullish(),
    is_owner: z.boolean().nullish(),
    is_stranger: z.boolean().nullish(),
    deleted: z.boolean().nullish(),
    profile: z.looseObject({ display_name: z.string().nullish(), real_name: z.string().nullish() }).nullish(),
  }),
});

export class People {
  readonly #world: Pick<World, "now" | "log">;
  readonly #admins: ReadonlySet<string>;
  readonly #known = new Map<string, { until: number; user: Promise<User> }>();

  constructor(admins: string | undefined, world: Pick<World, "now" | "log">) {
    this.#world = world;
    this.#admins = new Set(admins?.split(/[\s,]+/).filter(Boolean));
  }

  /** Never throws: somebody whom Slack does not tell about is nobody's admin, unless listed. */
  async find(id: string, team: string, call: CallSlack, name?: string): Promise<User> {
    const key = `${team}/${id}`;
    const known = this.#known.get(key);
    if (known && known.until > this.#world.now()) return known.user;
    const user = this.#ask(id, team, call, name).catch((error: unknown) => {
      this.#known.delete(key);
      this.#world.log.warn("slack tells nothing about a user", { error });
      return { id, name: name ?? id, isAdmin: this.#admins.has(id), isLocal: false };
    });
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(key, { until: this.#world.now() + REMEMBERED_MS, user });
    return user;
  }

  async #ask(id: string, team: string, call: CallSlack, name: string | undefined): Promise<User> {
    const args = { user: id, include_locale: true };
    const { user } = Answer.parse(await call("users.info", args, AbortSignal.timeout(PATIENCE_MS)));
    // In a shared channel, an admin of another company's workspace is an ordinary guest of this one.
    const isOfTeam = !user.is_stranger && (!user.team_id || user.team_id === team);
    const isAdmin = isOfTeam && !user.deleted && Boolean(user.is_admin || user.is_owner);
    const shown = user.profile?.display_name || user.profile?.real_name || user.name || name || id;
    return {
      id,
      name: shown,
      isAdmin: isAdmin || this.#admins.has(id),
      isLocal: false,
      ...(user.locale && { locale: user.locale }),
    };
  }
}
