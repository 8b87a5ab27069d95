// Switches, for each channel, whether follow-ups in Heed's threads need no mention.

import type { Records } from "../../src/core/records.ts";

export interface FollowUps {
  areOff(workspace: string, channel: string): Promise<boolean>;
  set(workspace: string, channel: string, isOn: boolean): Promise<void>;
}

export function followUpsOf(platform: string, records: Records): FollowUps {
  const keyOf = (workspace: string, channel: string) => `${platform}/quiet/${workspace}/${channel}`;
  return {
    areOff: async (workspace, channel) => (await records.get(keyOf(workspace, channel))) === true,
    async set(workspace, channel, isOn) {
      if (isOn) await records.delete(keyOf(workspace, channel));
      else await records.set(keyOf(workspace, channel), true);
    },
  };
}
