// The little linear algebra that ratings need: a handful of rows and columns, symmetric and positive.

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
