// Ratings against closed forms, against a published table, and intervals against a bootstrap.

import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { rate, type Choice } from "../../../src/commands/compare/scores/bradley-terry.ts";

const POINTS = 400 / Math.LN10;
const duel = (winner: string, loser: string): Choice => ({ options: [winner, loser], winners: [winner] });
const times = (number: number, choice: Choice) => Array.from({ length: number }, () => choice);

/** Wins of the row's team over the column's, American League East, 1987 (Agresti, Categorical Data Analysis, 10.6). */
const TEAMS = ["Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore"];
const WINS = [
  [0, 7, 9, 7, 7, 9, 11],
  [6, 0, 7, 5, 11, 9, 9],
  [4, 6, 0, 7, 7, 8, 12],
  [6, 8, 6, 0, 6, 7, 10],
  [6, 2, 6, 7, 0, 7, 12],
  [4, 4, 5, 6, 6, 0, 6],
  [2, 4, 1, 3, 1, 7, 0],
];
const SEASON = TEAMS.flatMap((winner, i) => TEAMS.flatMap((loser, j) => times(WINS[i]![j]!, duel(winner, loser))));

describe("rate", () => {
  test("two models: the odds are the ratio of wins, and the variance is the sum of the reciprocals", () => {
    const { ratings, difference, guided } = rate([...times(12, duel("x", "y")), ...times(5, duel("y", "x"))]);
    expect(guided).toBe(false);
    expect(ratings.map(({ name, games, wins }) => [name, games, wins])).toEqual([
      ["x", 17, 12],
      ["y", 17, 5],
    ]);
    const { points, low, high } = difference("x", "y");
    const reach = 1.959964 * Math.sqrt(1 / 12 + 1 / 5) * POINTS;
    expect(points).toBeCloseTo(Math.log(12 / 5) * POINTS, 6);
    expect(low).toBeCloseTo(points - reach, 3);
    expect(high).toBeCloseTo(points + reach, 3);
    expect(ratings[0]!.rating + ratings[1]!.rating).toBeCloseTo(2000, 6);
  });

  test("a choice among several: ratings are the logarithms of the shares", () => {
    const shares: [string, number][] = [
      ["a", 20],
      ["b", 10],
      ["c", 5],
    ];
    const options = shares.map(([name]) => name);
    const { difference } = rate(shares.flatMap(([name, votes]) => times(votes, { options, winners: [name] })));
    expect(difference("a", "b").points).toBeCloseTo(Math.log(2) * POINTS, 6);
    expect(difference("a", "c").points).toBeCloseTo(Math.log(4) * POINTS, 6);
  });

  test("a published table of strengths and standard errors", () => {
    const { difference } = rate(SEASON);
    const published = { Milwaukee: 1.5814, Detroit: 1.4364, Toronto: 1.2945, "New York": 1.2476, Boston: 1.1077 };
    for (const [team, strength] of Object.entries(published))
      expect(difference(team, "Baltimore").points / POINTS).toBeCloseTo(strength, 3);
    const { low, high } = difference("Boston", "Baltimore");
    expect((high - low) / POINTS / 2 / 1.959964).toBeCloseTo(0.3339, 3);
  });

  test("a tie is half a win for each", () => {
    const tie: Choice = { options: ["x", "y"], winners: ["x", "y"] };
    expect(rate(times(4, tie)).difference("x", "y").points).toBeCloseTo(0, 9);
    const { points } = rate([...times(2, duel("x", "y")), ...times(2, tie), ...times(2, duel("y", "x"))]).difference(
      "x",
      "y",
    );
    expect(points).toBeCloseTo(0, 9);
  });

  test("where one never loses, ratings stay finite and say that they were guided", () => {
    const { guided, ratings } = rate(times(30, duel("x", "y")));
    expect(guided).toBe(true);
    expect(ratings[0]!.name).toBe("x");
    for (const { low, high } of ratings) expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true);
    expect(rate([...times(3, duel("a", "b")), ...times(3, duel("b", "a")), duel("c", "d")]).guided).toBe(true);
  });

  test("one who was never an opponent, and no votes at all", () => {
    expect(rate([]).ratings).toEqual([]);
    const [only] = rate([{ options: ["x"], winners: ["x"] }]).ratings;
    expect(only).toMatchObject({ name: "x", rating: 1000, games: 1, wins: 1 });
  });

  test("neither the order of the votes nor the names matter", () => {
    const votes = fc.array(
      fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.constantFrom("a", "b", "c", "d")).filter(([x, y]) => x !== y),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(votes, (pairs) => {
        const there = rate(pairs.map(([x, y]) => duel(x, y)));
        const back = rate(pairs.toReversed().map(([x, y]) => duel(`z${x}`, `z${y}`)));
        for (const { name, rating, low, high } of there.ratings) {
          const other = back.ratings.find((each) => each.name === `z${name}`)!;
          expect(other.rating).toBeCloseTo(rating, 4);
          expect(low).toBeLessThanOrEqual(high);
        }
        const wins = there.ratings.reduce((sum, { wins }) => sum + wins, 0);
        expect(wins).toBeCloseTo(pairs.length, 9);
      }),
      { numRuns: 60 },
    );
  });

  test("intervals are as wide as a bootstrap's", () => {
    let state = 7;
    const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    const draw = () => SEASON.map(() => SEASON[Math.floor(random() * SEASON.length)]!);
    const samples = Array.from({ length: 200 }, () => rate(draw()).difference("Milwaukee", "Boston").points).sort(
      (a, b) => a - b,
    );
    const { low, high } = rate(SEASON).difference("Milwaukee", "Boston");
    const width = samples[194]! - samples[5]!;
    expect((high - low) / width).toBeGreaterThan(0.8);
    expect((high - low) / width).toBeLessThan(1.25);
  });
});
