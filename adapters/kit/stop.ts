// Remembers what runs in each channel, so that a typed "stop" finds the answer it means.

import { z } from "zod";
import type { Invocation, User } from "../../src/core/invocation.ts";
import type { Phrase } from "../../src/core/language.ts";
import type { Dispatcher } from "../../src/core/platform.ts";
import type { Records } from "../../src/core/records.ts";
import type { Json, Runtime } from "../../src/core/runtime.ts";
import { DAY_MS } from "../../src/core/time.ts";
import { NOT_YOURS, NOTHING_TO_STOP } from "./phrases.ts";

/** Where "stop" was typed; `thread` is what the conversation there is remembered by. */
export interface StopPlace {
  workspace: string;
  channel: string;
  thread?: string | undefined;
}

/** A dispatcher that can also stop the newest answer of a channel. */
export interface StoppingDispatcher extends Dispatcher {
  /** Stops the newest answer there that the person may stop; the sentence for them where there is none. */
  stopLatest(place: StopPlace, user: Pick<User, "id" | "isAdmin">): Promise<Phrase | undefined>;
}

/** Questions of one channel that are remembered: more are hardly answered at the same time. */
const MOST_ASKED = 20;
const REMEMBERED_MS = DAY_MS;

/** `thread` is empty where the question was asked in none. */
const Asked = z.object({ id: z.string(), asker: z.string(), thread: z.string() });
type Asked = z.infer<typeof Asked>;
const List = z.array(Asked);

/** The same dispatcher; it remembers what is asked through it. */
export function rememberAsked(
  dispatcher: Dispatcher,
  platform: string,
  { records, runtime }: { records: Records; runtime: Runtime },
): StoppingDispatcher {
  const keyOf = ({ workspace, channel }: StopPlace) => `${platform}/running/${workspace}/${channel}`;
  const remember = async ({ id, user, address }: Invocation) => {
    const asked: Asked = { id, asker: user.id, thread: address.thread ?? "" };
    const add = (before: unknown) => [...listIn(before).filter((one) => one.id !== id), asked].slice(-MOST_ASKED);
    await records.update(keyOf(address), (before) => add(before).map((one): Json => ({ ...one })), REMEMBERED_MS);
  };
  return {
    ...dispatcher,
    async enqueue(invocation) {
      await dispatcher.enqueue(invocation);
      // Nobody waits for it: a question is not lost when "stop" would not find it.
      void remember(invocation).catch((error: unknown) =>
        runtime.log.warn("what was asked could not be remembered", { id: invocation.id, error }),
      );
    },
    async stopLatest(place, user) {
      const newest = listIn(await records.get(keyOf(place))).toReversed();
      const isHere = ({ thread }: Asked) => place.thread === undefined || thread === place.thread;
      const own = newest.filter(({ asker }) => asker === user.id);
      const others = newest.filter((one) => one.asker !== user.id && isHere(one));
      const running = async (asked: readonly Asked[]) => firstRunning(asked, dispatcher);
      const mine = await running([...own.filter(isHere), ...own.filter((one) => !isHere(one))]);
      const theirs = mine === undefined ? await running(others) : undefined;
      const id = mine ?? (user.isAdmin ? theirs : undefined);
      if (id === undefined) return theirs === undefined ? NOTHING_TO_STOP : NOT_YOURS;
      await dispatcher.stop(id);
      return undefined;
    },
  };
}

async function firstRunning(
  asked: readonly Asked[],
  dispatcher: Pick<Dispatcher, "recall">,
): Promise<string | undefined> {
  for (const { id } of asked) if ((await dispatcher.recall(id)) === undefined) return id;
  return undefined;
}

function listIn(record: unknown): Asked[] {
  return List.safeParse(record).data ?? [];
}
