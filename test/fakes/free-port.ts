// A port for a server that is started by number. It lies below the range from which systems give ports away by themselves,
// so that no connection and no other server that asks for any port takes it before it is used.

import { randomInt } from "node:crypto";
import { createServer } from "node:net";

const LOWEST = 15_000;
const HIGHEST = 32_000;

export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
}

/** On all addresses, as a server of Slack's listens. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, () => probe.close(() => resolve(true)));
  });
}
