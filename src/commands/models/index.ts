// Defines `/models`: what is configured, what suits a need, and who answers right now.

import { defineCommand } from "../../core/command.ts";
import { showFamilies } from "./families.ts";
import { listModels } from "./list.ts";
import { modelsArgs } from "./args.ts";
import { recommend } from "./recommend.ts";
import { testModels } from "./try-all.ts";

export const models = defineCommand({
  name: "models",
  summary: {
    en: "Show the models, recommend one, or try them all",
    "zh-TW": "列出模型、推薦適合的，或逐一測試",
  },
  access: "everyone",
  args: modelsArgs,
  describe: {
    action: {
      en: "list, families or test; list without it",
      "zh-TW": "list（列出）、families（家族與版本）或 test（測試）；預設為 list",
    },
    for: {
      en: 'What you need, for example "cheap, traditional chinese, local"',
      "zh-TW": "你的需求，例如「便宜、繁體中文、本機」",
    },
  },
  prose: "action",
  names: { "zh-TW": { models: "模型", action: "動作", for: "用途", list: "列出", families: "家族", test: "測試" } },
  examples: ["/models", '/models --for "cheap, traditional chinese, local"', "/models families", "/models test"],
  views: {
    list: { audience: "typist", run: listModels },
    families: { audience: "typist", run: showFamilies },
    test: { audience: "typist", run: testModels },
    recommend: { audience: "typist", run: recommend },
  },
  choose: ({ action = "list", for: criterion }) => (criterion === undefined ? action : "recommend"),
});
