// An npm that lays down what a lock names: slowly, not at all, or in the way of another, as FAKE_NPM says.

import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const how = process.env.FAKE_NPM ?? "works";
const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const say = (words) => process.stderr.write(`${words}\n`);
const log = (words) => appendFileSync(process.env.FAKE_NPM_LOG, `${words}\n`);
if (how === "offline") {
  say("npm error code ENOTFOUND\nnpm error request to https://registry.example/zod failed");
  say('{ "error": { "code": "ENOTFOUND" } }');
}
if (process.argv[2] === "ping") process.exit(how === "offline" ? 1 : 0);
log(`begins ${process.argv.slice(2, 4).join(" ")}`);
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    log(`ended by ${signal}`);
    process.exit(1);
  });

if (how === "offline" && process.env.FAKE_NPM_CACHE !== "full") process.exit(1);
if (how === "broken") {
  say("npm error code EWHATEVER\nnpm error the disk is full");
  process.exit(1);
}
if (existsSync("node_modules/in-the-way")) {
  say("npm error code ENOTEMPTY\nnpm error ENOTEMPTY: directory not empty, rmdir 'node_modules/in-the-way'");
  process.exit(1);
}
if (existsSync("node_modules"))
  for (const name of readdirSync("node_modules")) rmSync(`node_modules/${name}`, { recursive: true });
const omitsDev = process.argv.includes("--omit=dev");
for (const [at, { dev }] of Object.entries(packages)) {
  if (at === "" || (dev && omitsDev)) continue;
  mkdirSync(at, { recursive: true });
  writeFileSync(`${at}/package.json`, "{}");
  if (how === "slow") {
    log("halfway");
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
  if (how === "held") while (!existsSync("go-on")) await new Promise((resolve) => setTimeout(resolve, 20));
}
writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages }));
log("ends");
