// Linear layers over the kernel: weights are packed once into its memory, and only the rows of a sentence travel in and out.

import { COLUMNS, createKernel, ROWS, type Multiply } from "./kernel.ts";

export interface Linear {
  readonly inputs: number;
  readonly outputs: number;
  /** [rows, outputs] = [rows, inputs] x weights + bias, for at most the number of rows that was asked for. */
  apply(input: Float32Array, rows: number): Float32Array;
}

/** `inputs` is a multiple of 4, `outputs` of 8; `weights` is [inputs, outputs]. */
export interface LinearPlan {
  inputs: number;
  outputs: number;
  weights: Float32Array;
  bias: Float32Array;
}

/** Places all layers in one memory, with room for `mostRows` rows of the widest. */
export function createLinears(plans: readonly LinearPlan[], mostRows: number): Linear[] {
  const widest = Math.max(...plans.flatMap(({ inputs, outputs }) => [inputs, outputs]));
  const rows = Math.ceil(mostRows / ROWS) * ROWS;
  const weightFloats = plans.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0);
  const { memory, multiply } = createKernel((weightFloats + 2 * rows * widest) * 4);
  const floats = new Float32Array(memory);
  let free = 2 * rows * widest;
  return plans.map((plan) => {
    const at = free;
    free = pack(plan, floats, at);
    return createLinear(plan, { floats, multiply, at, output: rows * widest });
  });
}

/** Positions count floats. The input area begins at 0. */
interface Offset {
  floats: Float32Array;
  multiply: Multiply;
  at: number;
  output: number;
}

function createLinear({ inputs, outputs }: LinearPlan, { floats, multiply, at, output }: Offset): Linear {
  const bias = at + inputs * outputs;
  return {
    inputs,
    outputs,
    apply(input, rows) {
      const blocks = Math.ceil(rows / ROWS);
      interleave(input, rows, inputs, floats);
      multiply(0, at * 4, bias * 4, output * 4, blocks, inputs, outputs / COLUMNS);
      return floats.slice(output, output + rows * outputs);
    },
  };
}

/** Panels of eight columns, each read from front to back by the kernel, then the bias. Returns the next free position. */
function pack({ inputs, outputs, weights, bias }: LinearPlan, floats: Float32Array, at: number): number {
  let to = at;
  for (let column = 0; column < outputs; column += COLUMNS) {
    for (let row = 0; row < inputs; row++, to += COLUMNS) {
      const from = row * outputs + column;
      floats.set(weights.subarray(from, from + COLUMNS), to);
    }
  }
  floats.set(bias, to);
  return to + outputs;
}

/** Blocks of four rows, value beside value; rows that only fill a block stay what they were, and their sums are not read. */
function interleave(input: Float32Array, rows: number, width: number, floats: Float32Array): void {
  for (let row = 0; row < rows; row++) {
    const block = (row - (row % ROWS)) * width + (row % ROWS);
    for (let i = 0; i < width; i++) floats[block + i * ROWS] = input[row * width + i]!;
  }
}
