// Reads plain text of any kind (notes, source code, logs, JSON) as it is.

import { decodeText } from "./charset.ts";
import { defineFormat } from "./define-format.ts";

/** Any extension is welcome whose bytes are text; these are only the ones to propose. */
export const text = defineFormat({
  name: "text",
  extensions: ["txt", "text", "log", "json", "yaml", "yml", "rst"],
  mediaTypes: [
    "text/plain",
    "application/json",
    "application/yaml",
    "application/x-yaml",
    "application/toml",
    "application/javascript",
  ],
  label: { en: "text", "zh-TW": "純文字" },
  async parse(bytes) {
    return { text: await decodeText(bytes), headings: [], pages: [], warnings: [] };
  },
});
