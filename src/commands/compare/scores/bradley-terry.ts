// Rates models from choices: Bradley and Terry (1952), in Luce's form for several (1959).

/**
 * One vote. The probability that `i` is chosen from the options is exp(r_i) / sum of exp(r_j) over the options; for
 * two options this is Bradley and Terry's model. Several winners are a tie: each has its share of the vote.
 */
export interface Choice {
  options: readonly string[];
  winners: readonly string[];
}

export interface Rating {
  name: string;
  /** 1000 is the mean of all; 400 points more are odds of 10 to 1, as in chess. */
  rating: number;
  /** 95 %. */
  low: number;
  high: number;
  /** Votes in which it was an option, and its shares of them. */
  games: number;
  wins: number;
}

export interface Fit {
  /** The best first. */
  ratings: readonly Rating[];
  /** Whether a weak prior stands in for what the votes leave open, because some models never lost or never met. */
  guided: boolean;
  /** The difference of two ratings, first minus second, with its 95 % interval. */
  difference: (first: string, second: string) => { points: number; low: number; high: number };
}

const POINTS = 400 / Math.LN10;
const MEAN = 1000;
/** The 97.5th percentile of the normal distribution. */
const Z = 1.959_963_984_540_054;
/** Standard deviation of the prior, in natural units of r: 95 % within some 680 points of the mean. */
const PRIOR = 2;
const MOST_STEPS = 100;
const CLOSE_ENOUGH = 1e-10;

/**
 * Maximum likelihood by Newton's method; the likelihood is concave. Intervals are Wald's: the covariance is the
 * inverse of the Fisher information, the sum over votes of diag(p) - p p', under the constraint that ratings sum to
 * zero. Where no finite maximum exists (Ford 1957: some group never lost to the rest), ratings get a normal prior.
 */
export function rate(choices: readonly Choice[]): Fit {
  const names = [...new Set(choices.flatMap(({ options }) => options))].toSorted();
  const games = choices.map(({ options, winners }) => ({
    options: options.map((name) => names.indexOf(name)),
    winners: new Set(winners.map((name) => names.indexOf(name))),
  }));
  const guided = !isConnected(names.length, games);
  const strengths = climb(names.length, games, guided);
  const covariance = centredCovariance(slopeOf(strengths, games, guided).information);
  const at = (name: string) => names.indexOf(name);
  return {
    guided,
    ratings: names
      .map((name, i) => ({
        name,
        ...interval(strengths[i]!, covariance[i]![i]!, MEAN),
        games: games.filter(({ options }) => options.includes(i)).length,
        wins: games.reduce((sum, game) => sum + shareOf(i, game), 0),
      }))
      .map(({ points, ...rest }) => ({ ...rest, rating: points }))
      .toSorted((a, b) => b.rating - a.rating),
    difference(first, second) {
      const [i, j] = [at(first), at(second)];
      const variance = covariance[i]![i]! + covariance[j]![j]! - 2 * covariance[i]![j]!;
      return interval(strengths[i]! - strengths[j]!, variance, 0);
    },
  };
}

interface Game {
  options: readonly number[];
  winners: ReadonlySet<number>;
}

function interval(strength: number, variance: number, middle: number) {
  const points = middle + strength * POINTS;
  const reach = Z * Math.sqrt(Math.max(0, variance)) * POINTS;
  return { points, low: points - reach, high: points + reach };
}

function shareOf(player: number, { winners }: Game): number {
  return winners.has(player) ? 1 / winners.size : 0;
}

function climb(count: number, games: readonly Game[], guided: boolean): readonly number[] {
  let strengths = Array.from({ length: count }, () => 0);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { gradient, information } = slopeOf(strengths, games, guided);
    const way = solve(anchored(information), gradient);
    const longest = Math.max(0, ...way.map(Math.abs));
    // A longer step may leave the region where the parabola is a fair picture of the likelihood.
    const scale = Math.min(1, 1 / longest);
    strengths = centred(strengths.map((strength, i) => strength + scale * way[i]!));
    if (longest < CLOSE_ENOUGH) break;
  }
  return strengths;
}

/** The gradient and the information of the log-likelihood, and of the prior where there is one. */
function slopeOf(strengths: readonly number[], games: readonly Game[], guided: boolean) {
  const precision = guided ? 1 / PRIOR ** 2 : 0;
  const gradient = strengths.map((strength) => -strength * precision);
  const information = strengths.map((_, i) => strengths.map((_, j) => (i === j ? precision : 0)));
  for (const game of games) {
    const chances = softmax(game.options.map((player) => strengths[player]!));
    game.options.forEach((player, a) => {
      gradient[player]! += shareOf(player, game) - chances[a]!;
      game.options.forEach((other, b) => {
        information[player]![other]! += chances[a]! * ((a === b ? 1 : 0) - chances[b]!);
      });
    });
  }
  return { gradient, information };
}

/** Ratings are known up to a constant; one more equation, that they sum to zero, makes the matrix regular. */
function anchored(information: readonly (readonly number[])[]): number[][] {
  return information.map((row) => row.map((value) => value + 1 / information.length));
}

function softmax(values: readonly number[]): readonly number[] {
  const most = Math.max(...values);
  const weights = values.map((value) => Math.exp(value - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.map((value) => value - mean);
}

/** Whether everyone can be reached from everyone by steps from a loser to a winner. */
function isConnected(count: number, games: readonly Game[]): boolean {
  const above = Array.from({ length: count }, () => new Set<number>());
  const below = Array.from({ length: count }, () => new Set<number>());
  for (const { options, winners } of games)
    for (const winner of winners)
      for (const other of options.filter((option) => option !== winner)) {
        above[other]!.add(winner);
        below[winner]!.add(other);
      }
  return [above, below].every((steps) => reach(steps) === count);
}

function reach(steps: readonly ReadonlySet<number>[]): number {
  const seen = new Set<number>(steps.length > 0 ? [0] : []);
  // A set hands out what is added while it is walked.
  for (const from of seen) for (const to of steps[from]!) seen.add(to);
  return seen.size;
}

export type Matrix = readonly (readonly number[])[];

/** Gaussian elimination with the largest pivot. Throws RangeError for a singular matrix. */
export function solve(matrix: Matrix, right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const candidates = rows.slice(column).map((row) => Math.abs(row[column]!));
    const pivot = column + candidates.indexOf(Math.max(...candidates));
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const head = rows[column]!;
    if (Math.abs(head[column]!) < Number.MIN_VALUE) throw new RangeError("the matrix is singular");
    for (const row of rows.slice(column + 1)) {
      const factor = row[column]! / head[column]!;
      for (let i = column; i <= size; i++) row[i]! -= factor * head[i]!;
    }
  }
  const solution = Array.from({ length: size }, () => 0);
  for (let i = size - 1; i >= 0; i--) {
    const known = solution.reduce((sum, value, j) => (j > i ? sum + rows[i]![j]! * value : sum), 0);
    solution[i] = (rows[i]![size]! - known) / rows[i]![i]!;
  }
  return solution;
}

/** The covariance of values that sum to zero: (I + J)^-1 - J, where J is the matrix that takes the mean. */
export function centredCovariance(information: Matrix): number[][] {
  const size = information.length;
  const regular = information.map((row) => row.map((value) => value + 1 / size));
  return information.map((_, i) => {
    const unit = information.map((_, j) => (i === j ? 1 : 0));
    return solve(regular, unit).map((value) => value - 1 / size);
  });
}
