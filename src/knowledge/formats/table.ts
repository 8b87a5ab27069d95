// Writes a table of a page as lines of cells, so that a row can be read, found and quoted.

import { inlineText, type PageElement } from "./dom.ts";

const MOST_COLUMNS = 100;

/** Undefined for a table that is no table but a way to lay out a page: it holds tables or headings, or has one column. */
export function renderTable(table: PageElement): string | undefined {
  if (table.querySelector("table, h1, h2, h3, pre")) return undefined;
  const rows = [...table.querySelectorAll("tr")].map(cellsOf).filter((row) => row.some((cell) => cell !== ""));
  const columns = Math.max(0, ...rows.map((row) => row.length));
  if (columns < 2) return undefined;
  const lines = rows.map((row) => writeRow([...row, ...Array<string>(columns - row.length).fill("")]));
  const rule = writeRow(Array<string>(columns).fill("---"));
  const caption = inlineText([...(table.querySelector("caption")?.childNodes ?? [])]);
  return [...(caption ? [caption, ""] : []), lines[0], rule, ...lines.slice(1)].join("\n");
}

/** A cell that spans columns keeps the ones after it under their headings. */
function cellsOf(row: PageElement): string[] {
  const cells = [...row.children].filter(({ tagName }) => tagName === "TD" || tagName === "TH");
  return cells
    .flatMap((cell) => {
      const span = Math.min(Number(cell.getAttribute("colspan")) || 1, MOST_COLUMNS);
      return [inlineText(partsOf(cell)), ...Array<string>(Math.max(span - 1, 0)).fill("")];
    })
    .slice(0, MOST_COLUMNS);
}

/** Paragraphs in a cell are kept apart by a space. */
function partsOf(cell: PageElement) {
  const space = { nodeType: 3, textContent: " " };
  return [...cell.childNodes].flatMap((node) => [node, ...(/^(P|DIV|LI|UL|OL)$/.test(tagOf(node)) ? [space] : [])]);
}

function tagOf(node: object): string {
  return "tagName" in node ? String(node.tagName) : "";
}

function writeRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("\n", " ").replaceAll("|", "\\|")).join(" | ")} |`;
}
