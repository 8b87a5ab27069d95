// What the set-up says: one line on standard error, in the language of the terminal's locale.

const isChinese = /^zh/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || "");

export function say(en, zh) {
  console.error(isChinese ? zh : en);
}

/** Says why, and ends the process. */
export function fail(en, zh) {
  say(en, zh);
  process.exit(1);
}
