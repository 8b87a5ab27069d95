// Slack's Block Kit as far as Heed sends it, with the limits at which the real one says invalid_blocks.

import { z } from "zod";

const plain = (most: number) =>
  z.strictObject({ type: z.literal("plain_text"), text: z.string().min(1).max(most), emoji: z.boolean().optional() });
const mrkdwn = (most: number) =>
  z.strictObject({ type: z.literal("mrkdwn"), text: z.string().min(1).max(most), verbatim: z.boolean().optional() });
const text = (most: number) => z.union([plain(most), mrkdwn(most)]);
const actionId = z.string().min(1).max(255);

const Option = z.strictObject({ text: plain(75), value: z.string().min(1).max(150) });
const Button = z.strictObject({
  type: z.literal("button"),
  action_id: actionId,
  text: plain(75),
  value: z.string().max(2000).optional(),
  style: z.enum(["primary", "danger"]).optional(),
});
const Overflow = z.strictObject({
  type: z.literal("overflow"),
  action_id: actionId,
  options: z.array(Option).min(1).max(5),
});
const Select = z.strictObject({
  type: z.literal("static_select"),
  action_id: actionId,
  placeholder: plain(150),
  options: z.array(Option).min(1).max(100),
});
const Element = z.discriminatedUnion("type", [Button, Overflow, Select]);
const Image = z.strictObject({
  type: z.literal("image"),
  image_url: z.url().max(3000),
  alt_text: z.string().max(2000),
});
const Cell = z.strictObject({ type: z.literal("raw_text"), text: z.string().min(1) });

const Block = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("section"), text: text(3000), accessory: Element.optional() }),
  z.strictObject({
    type: z.literal("context"),
    elements: z
      .array(z.union([text(2000), Image]))
      .min(1)
      .max(10),
  }),
  z.strictObject({ type: z.literal("actions"), elements: z.array(Element).min(1).max(25) }),
  z.strictObject({ type: z.literal("header"), text: plain(150) }),
  z.strictObject({ type: z.literal("divider") }),
  z.strictObject({ type: z.literal("table"), rows: z.array(z.array(Cell).min(1).max(20)).min(1).max(100) }),
]);

export const Blocks = z
  .array(Block)
  .max(50)
  .check(({ value, issues }) => {
    const refuse = (message: string) => void issues.push({ code: "custom", message, input: value });
    if (value.filter(({ type }) => type === "table").length > 1) refuse("more than one table");
    for (const block of value) {
      if (block.type === "table") {
        const cells = block.rows.flat().reduce((sum, { text }) => sum + text.length, 0);
        if (cells > 10_000) refuse("a table's cells hold too much");
        if (block.rows.some(({ length }) => length !== block.rows[0]?.length))
          refuse("a table's rows differ in length");
      }
      if (block.type !== "actions") continue;
      const ids = block.elements.map(({ action_id }) => action_id);
      if (new Set(ids).size < ids.length) refuse("an action_id stands twice");
    }
  });
