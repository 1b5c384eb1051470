/**
 * Preview of 10, 100 and 500 boards that are not there yet: time and memory per board must not grow.
 * Budget: 100 boards at most 10 times of 10. In turn, in one run.
 */

import { openStack } from "../tests/support/engine.ts";
import { TestStack } from "../tests/support/test-stack.ts";
import { setBoards } from "./lib/boards.ts";
import { onPipeline } from "./lib/engine.ts";
import { median, seconds } from "./lib/measure.ts";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SIZES = [10, 100, 500];

const stack = await TestStack.create("bench-preview");
try {
  const results = new Map(SIZES.map((size) => [size, { time: [0], memory: [0] }]));
  for (const { time, memory } of results.values()) time.length = memory.length = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [size, { time, memory }] of results) {
      stack.edit((config) => setBoards(config, size));
      const session = await openStack(stack);
      const measured = await onPipeline(session, "preview", "--suppress-progress");
      time.push(measured.seconds);
      memory.push(measured.peakMiB);
    }
  }
  console.log(`preview of a new stack, medians of ${ROUNDS} rounds, memory of engine, program and providers`);
  const [base] = [...results.values()].map(({ time }) => median(time));
  for (const [size, { time, memory }] of results) {
    const [took, held] = [median(time), median(memory)];
    console.log(
      `${String(size).padStart(4)} boards  ${seconds(took).padStart(8)}  ${((took / size) * 1000).toFixed(0).padStart(5)} ms/board` +
        `  ${held.toFixed(0).padStart(5)} MiB  ${(held / size).toFixed(1).padStart(5)} MiB/board  ratio to 10 boards ${(took / (base ?? took)).toFixed(2)}`,
    );
  }
} finally {
  await stack.remove();
}
