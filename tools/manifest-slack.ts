// Writes the Slack app manifest for an admin to paste. `npm run manifest:slack` for Socket Mode;
// `npm run manifest:slack -- https://heed.example.com` for HTTP, with that public address.

import { manifestOf } from "../adapters/slack/install/manifest.ts";
import { commands } from "../src/commands/index.ts";

const [url] = process.argv.slice(2);
console.log(JSON.stringify(manifestOf(commands, url), null, 2));
