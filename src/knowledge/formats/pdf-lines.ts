// The lines of one PDF page. A PDF knows no lines, only runs of glyphs at places; pdf.js says after which run a line ends.

/** A run of glyphs, as pdf.js gives it; lengths in points. */
export interface Run {
  str: string;
  transform: readonly number[];
  width: number;
  height: number;
  hasEOL: boolean;
}

/** One line of text and where it stands; lengths in points, `bottom` from the page's lower edge. */
export interface Line {
  text: string;
  left: number;
  right: number;
  bottom: number;
  height: number;
}

/** Radicals that fonts put in place of the characters they look like, so that a search would miss them. */
const RADICAL = /[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]/g;
const INVISIBLE = /[^\P{Cc}\t\n]|[\u00ad\u200b\ufeff\ufffd]/gu;
const HAN_GAP = /(?<=[\p{Script=Han}\u3000-\u303f\uff00-\uffef]) (?=[\p{Script=Han}\u3000-\u303f\uff00-\uffef])/gu;
/** Gaps between Han characters are spacing, not spaces, where at least this share of them is followed by one. */
const SPACED = 0.5;

export function linesOf(runs: readonly Run[]): Line[] {
  const lines: Line[] = [];
  let line: Run[] = [];
  for (const run of runs) {
    line.push(run);
    if (!run.hasEOL) continue;
    lines.push(lineOf(line));
    line = [];
  }
  if (line.length > 0) lines.push(lineOf(line));
  return lines.filter(({ text }) => text !== "");
}

function lineOf(runs: readonly Run[]): Line {
  const seen = runs.filter(({ str }) => str.trim() !== "");
  const text = tidy(runs.map(({ str }) => str).join(""));
  if (seen.length === 0) return { text: "", left: 0, right: 0, bottom: 0, height: 0 };
  return {
    text,
    left: Math.min(...seen.map(({ transform }) => transform[4] ?? 0)),
    right: Math.max(...seen.map(({ transform, width }) => (transform[4] ?? 0) + width)),
    bottom: seen[0]!.transform[5] ?? 0,
    height: Math.max(...seen.map(({ height }) => height)),
  };
}

function tidy(text: string): string {
  const plain = text
    .replace(RADICAL, (one) => one.normalize("NFKC"))
    .replace(INVISIBLE, "")
    .replace(/\s+/g, " ")
    .trim();
  const gaps = plain.match(HAN_GAP)?.length ?? 0;
  const han = plain.match(/\p{Script=Han}/gu)?.length ?? 0;
  return gaps > 1 && gaps >= SPACED * han ? plain.replace(HAN_GAP, "") : plain;
}
