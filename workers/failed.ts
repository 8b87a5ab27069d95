// Runs `npm run failed`: lists what the queue gave up, or runs it again (`retry ID ...`, `retry all`).

import { claimFolder, closeFolder } from "../src/runtime/private-folder.ts";
import { languageOfLocale, type Phrase } from "../src/core/language.ts";
import { readEnvironment, readSettings } from "../src/runtime/config.ts";
import { createRuntime, createLog } from "../src/runtime/runtime.ts";
import { openQueue, type DurableQueue } from "../src/runtime/queue/open-queue.ts";
import { runProcess } from "../src/runtime/process.ts";

const SHOWN = 100;
/** `retry all` takes so many of each lane, the newest first. */
const AT_A_TIME = 1000;

// Above the one statement that runs: what stands below it is not there yet.
const USAGE: Phrase = {
  en: "npm run failed                    shows what failed for good, the newest first\nnpm run failed -- retry ID ...    runs it again; `retry all` runs all",
  "zh-TW":
    "npm run failed                    列出最後仍失敗的工作，最新的在前\nnpm run failed -- retry ID ...    重新執行；用 `retry all` 全部重新執行",
};
const NOTHING: Phrase = { en: "Nothing has failed for good.", "zh-TW": "沒有最後仍失敗的工作。" };

await runProcess(async () => {
  const env = readEnvironment();
  const settings = readSettings(env);
  const release = settings.REDIS_URL ? () => {} : claimFolder(settings.HEED_DATA_DIR);
  const runtime = createRuntime(createLog(settings.LOG_LEVEL));
  const language = languageOfLocale(env.LC_ALL || env.LANG);
  if (!settings.REDIS_URL) closeFolder(settings.HEED_DATA_DIR, runtime, language);
  const queue = await openQueue(settings, runtime);
  const print = (line: string) => void runtime.console.output.write(`${line}\n`);
  try {
    const [verb, ...ids] = runtime.console.args;
    if (verb === undefined) return await show(queue, print, language);
    if (verb === "retry" && ids.length > 0) return await retry(queue, ids, { print, language });
    print(USAGE[language]);
    return 2;
  } finally {
    await queue.close();
    release();
  }
});

type Print = (line: string) => void;

async function show(queue: DurableQueue, print: Print, language: keyof Phrase): Promise<number> {
  const failures = await queue.failures(SHOWN);
  for (const { failedAt, id, lane, platform, workspace, command, attempts, reason } of failures)
    print(
      [new Date(failedAt).toISOString(), id, lane, `${platform}/${workspace}`, command, attempts, reason].join("\t"),
    );
  if (failures.length === 0) print(NOTHING[language]);
  return 0;
}

async function retry(
  queue: DurableQueue,
  ids: readonly string[],
  { print, language }: { print: Print; language: keyof Phrase },
): Promise<number> {
  const chosen = ids[0] === "all" ? (await queue.failures(AT_A_TIME)).map(({ id }) => id) : ids;
  const missing: string[] = [];
  for (const id of chosen) if (!(await queue.retry(id))) missing.push(id);
  print(again(chosen.length - missing.length)[language]);
  for (const id of missing) print(unknown(id)[language]);
  return missing.length > 0 ? 1 : 0;
}

function again(number: number): Phrase {
  return { en: `${number} will run again.`, "zh-TW": `${number} 項會重新執行。` };
}

function unknown(id: string): Phrase {
  return { en: `There is no failed job ${id}.`, "zh-TW": `沒有失敗的工作 ${id}。` };
}
