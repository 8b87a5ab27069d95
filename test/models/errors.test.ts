// What people read of a model's failure: each in both languages, with the advice in sentences of its own.

import { describe, expect, test } from "@jest/globals";
import { isPassing } from "../../src/core/errors.ts";
import { CODES, phraseFor } from "../../src/models/errors.ts";
import type { Reason } from "../../src/models/vendor-failure.ts";

const vendor = {
  provider: "acme",
  label: "Acme",
  variables: { key: "ACME_KEY", model: "ACME_MODEL", url: "ACME_URL" },
  models: ["one", "two"],
  secret: "s",
};
const reasons = Object.keys(CODES) as Reason[];

describe.each(reasons)("%s", (reason) => {
  test.each([undefined, 7000, 90_000])("names the model or its vendor in both languages (wait: %s)", (retryAfterMs) => {
    const { en, "zh-TW": zh } = phraseFor(reason, { vendor, id: "one", retryAfterMs });
    for (const words of [en, zh]) expect(words).toMatch(/Acme|one/);
    expect(en).not.toMatch(/above/);
    expect(zh).not.toMatch(/上面/);
  });

  test("says once that what stands above is incomplete, where something does", () => {
    const { en, "zh-TW": zh } = phraseFor(reason, { vendor, id: "one", hasText: true });
    expect(en.match(/What stands above is incomplete\./g)).toHaveLength(1);
    expect(zh.match(/上面的內容不完整。/g)).toHaveLength(1);
  });
});

// "Try again in a minute. Trying again by myself" would be told two things at once.
test.each(reasons.filter((reason) => isPassing(CODES[reason])))(
  "the first sentence of %s gives no advice",
  (reason) => {
    const { en, "zh-TW": zh } = phraseFor(reason, { vendor, id: "one" });
    expect(zh.slice(0, zh.indexOf("。"))).not.toMatch(/請(?!求)/);
    expect(en.slice(0, en.search(/\.\s/))).not.toMatch(/try|ask|check/i);
  },
);
