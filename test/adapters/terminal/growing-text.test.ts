// A text that comes in parts stands on the screen as one that came at once.

import { expect, test } from "@jest/globals";
import { GrowingText, renderText } from "../../../adapters/terminal/render/growing-text.ts";

const look = { colours: false, columns: 40 };

test.each([
  ["a block of ticks", "a\n```js\nx*y*z\n```\nb", "a\nx*y*z\nb"],
  ["a block of tildes around ticks", "a\n~~~~\n```\n~~~\n~~~~\nb", "a\n```\n~~~\nb"],
  ["a block in a list item", "1. a\n   - ```js\n     x\n     ```\n   - b", "1. a\n   -\n     x\n   - b"],
  ["a block in a quote that ends it", "> ```\n> x\n\nb ``` c", ">\n> x\n\nb ``` c"],
  ["words struck out", "- ~~a~~ b", "- ~~a~~ b"],
])("%s is shown without its fences, however it comes in", (_, markdown, rows) => {
  expect(renderText(markdown, look)).toBe(rows);
  const growing = new GrowingText(false, () => look.columns);
  const shown = [...markdown].map((letter) => growing.add(letter)).join("") + growing.close();
  expect(shown.replace(/\n$/, "")).toBe(rows);
});
