import { expect, test } from "@jest/globals";
import { renderTable } from "../../../adapters/terminal/render/table.ts";

const table = {
  columns: ["ID", "Title", "Passages"],
  rows: [
    ["handbook-3f9a1c", "The handbook of the whole team", "12"],
    ["價目表-12ab34", "價目表", "3"],
  ],
};
const rendered = (columns: number | undefined) => renderTable(table, { colours: false, columns }).split("\n");

test("a table has the width of its words where there is room", () => {
  expect(rendered(undefined)).toEqual(rendered(80));
  expect(rendered(80)).toEqual([
    "ID               Title                           Passages",
    "handbook-3f9a1c  The handbook of the whole team  12",
    "價目表-12ab34    價目表                          3",
  ]);
});

test("on a narrow screen its cells wrap, and what cannot be broken stays whole", () => {
  expect(rendered(45)).toEqual([
    "ID               Title               Passages",
    "handbook-3f9a1c  The handbook of     12",
    "                 the whole team",
    "價目表-12ab34    價目表              3",
  ]);
});

test("where even that is too wide, each row is a list", () => {
  expect(rendered(30)).toEqual([
    "ID: handbook-3f9a1c",
    "Title: The handbook of the",
    "whole team",
    "Passages: 12",
    "",
    "ID: 價目表-12ab34",
    "Title: 價目表",
    "Passages: 3",
  ]);
});
