// Letters as strokes, so that a picture reads the same on a machine that has no fonts.

/** Each polyline is a list of points, x then y, on a grid of 4 by 8: capitals from 0 to 6, small letters from 2, tails to 8. */
const STROKES: Readonly<Record<string, string>> = {
  "0": "10 30 41 45 36 16 05 01 10|22 24",
  "1": "11 20 26|16 36",
  "2": "01 10 30 41 42 06 46",
  "3": "01 10 30 41 42 33 13|33 44 45 36 16 05",
  "4": "36 30 04 44",
  "5": "40 00 03 33 44 45 36 16 05",
  "6": "41 30 10 01 05 16 36 45 44 33 03",
  "7": "00 40 16",
  "8": "13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33",
  "9": "05 16 36 45 41 30 10 01 02 13 43",
  A: "06 02 20 42 46|04 44",
  B: "06 00 30 41 42 33 03|33 44 45 36 06",
  C: "41 30 10 01 05 16 36 45",
  D: "06 00 20 42 44 26 06",
  E: "40 00 06 46|03 33",
  F: "40 00 06|03 33",
  G: "41 30 10 01 05 16 36 45 43 23",
  H: "00 06|40 46|03 43",
  I: "10 30|20 26|16 36",
  J: "40 45 36 16 05",
  K: "00 06|40 03 46",
  L: "00 06 46",
  M: "06 00 23 40 46",
  N: "06 00 46 40",
  O: "10 30 41 45 36 16 05 01 10",
  P: "06 00 30 41 42 33 03",
  Q: "10 30 41 45 36 16 05 01 10|24 46",
  R: "06 00 30 41 42 33 03|23 46",
  S: "41 30 10 01 02 13 33 44 45 36 16 05",
  T: "00 40|20 26",
  U: "00 05 16 36 45 40",
  V: "00 26 40",
  W: "00 16 23 36 40",
  X: "00 46|40 06",
  Y: "00 23 40|23 26",
  Z: "00 40 06 46",
  a: "12 32 43 46|44 14 05 16 36 45",
  b: "00 06|03 12 32 43 45 36 16 05",
  c: "43 32 12 03 05 16 36 45",
  d: "40 46|43 32 12 03 05 16 36 45",
  e: "04 44 43 32 12 03 05 16 36 45",
  f: "41 30 21 26|02 42",
  g: "43 32 12 03 05 16 36 45|42 47 38 18 07",
  h: "00 06|03 12 32 43 46",
  i: "22 26|20 20",
  j: "32 37 28 18|30 30",
  k: "00 06|42 04 46",
  l: "10 20 25 36",
  m: "06 02|03 12 23 26|23 32 43 46",
  n: "06 02|03 12 32 43 46",
  o: "12 32 43 45 36 16 05 03 12",
  p: "02 08|03 12 32 43 45 36 16 05",
  q: "42 48|43 32 12 03 05 16 36 45",
  r: "06 02|03 12 32 43",
  s: "43 32 12 03 14 34 45 36 16 05",
  t: "10 15 26 36|02 32",
  u: "02 05 16 36 45|42 46",
  v: "02 26 42",
  w: "02 16 24 36 42",
  x: "02 46|42 06",
  y: "02 26|42 26 18 08",
  z: "02 42 06 46",
  "-": "14 34",
  _: "07 47",
  ".": "26 26",
  ":": "23 23|26 26",
  "/": "40 06",
  "+": "22 26|04 44",
  "(": "30 21 25 36",
  ")": "10 21 25 16",
  "…": "06 06|26 26|46 46",
  " ": "",
};
/** A box, so that the place of a letter that is missing is seen. */
const MISSING = "01 41 46 06 01";
const ADVANCE = 5.6;
const CAPITALS = 6;

/** In the same units as `size`, the height of a capital. */
export function widthOf(text: string, size: number): number {
  return ([...text].length * ADVANCE * size) / CAPITALS;
}

/** The `d` of an SVG path whose strokes spell the text, its baseline at `y`. */
export function spell(text: string, { x, y, size }: { x: number; y: number; size: number }): string {
  const unit = size / CAPITALS;
  const place = (value: number) => Number(value.toFixed(2));
  return [...text]
    .flatMap((letter, i) => {
      const lines = (STROKES[letter] ?? MISSING).split("|").filter(Boolean);
      const left = x + i * ADVANCE * unit;
      return lines.map((line) => {
        const points = line.split(" ").map(([across, down]) => {
          const [right, below] = [left + Number(across) * unit, y + (Number(down) - CAPITALS) * unit];
          return `${place(right)} ${place(below)}`;
        });
        return `M${points.join("L")}`;
      });
    })
    .join("");
}
