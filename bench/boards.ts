/**
 * A pipeline that grows to 50, 100 and 200 boards on the local cloud: preview and up of what is new, and preview with
 * nothing to do, each per board. Flat means that the ratios stay at 1. Then one more board by `add-board`, until its
 * repository is ready. BENCH_SIZES="10 20" has other sizes.
 */

import { openStack } from "../tests/support/engine.ts";
import { TestStack } from "../tests/support/test-stack.ts";
import { setBoards } from "./lib/boards.ts";
import { onPipeline } from "./lib/engine.ts";
import { seconds } from "./lib/measure.ts";

const SIZES = (process.env.BENCH_SIZES ?? "50 100 200").split(" ").map(Number);
const NEW_BOARD = [
  ...["--name", "one-more", "--title", "One more", "--architecture", "arm64"],
  ...["--kernel", "linux-image-arm64", "--boot", "raspi-firmware", "--no-preview"],
];

/** Milliseconds for each board, and how that compares with the first. */
function perBoard(series: number[], took: number, boards: number): string {
  const each = (took / boards) * 1000;
  series.push(each);
  return `${seconds(took).padStart(8)} ${each.toFixed(0).padStart(6)} ms/board, ratio ${(each / (series[0] ?? each)).toFixed(2)}`;
}

const stack = await TestStack.create("bench-boards");
try {
  // What is there without boards, and what is made once, is not theirs.
  stack.edit((config) => setBoards(config, 2));
  await onPipeline(await openStack(stack), "up", "--yes", "--skip-preview", "--suppress-progress");
  const series = { preview: [], up: [], noop: [] } as Record<"preview" | "up" | "noop", number[]>;
  let before = 2;
  for (const size of SIZES) {
    stack.edit((config) => setBoards(config, size));
    const session = await openStack(stack);
    const added = size - before;
    before = size;
    const preview = await onPipeline(session, "preview", "--suppress-progress");
    const up = await onPipeline(session, "up", "--yes", "--skip-preview", "--suppress-progress");
    const noop = await onPipeline(session, "preview", "--suppress-progress", "--expect-no-changes");
    console.log(`${size} boards, ${added} of them new`);
    console.log(`  preview                ${perBoard(series.preview, preview.seconds, size)}`);
    console.log(`  up of the new          ${perBoard(series.up, up.seconds, added)}`);
    console.log(`  preview of no change   ${perBoard(series.noop, noop.seconds, size)}`);
  }
  const started = performance.now();
  await stack.run("add-board", ...NEW_BOARD);
  const written = performance.now();
  await onPipeline(await openStack(stack), "up", "--yes", "--skip-preview", "--suppress-progress");
  const ready = performance.now();
  await stack.github.rest.repos.getContent({
    owner: "hypriot",
    repo: "image-builder-one-more",
    path: "board.json",
  });
  console.log(
    `add-board ${seconds((written - started) / 1000)}, up ${seconds((ready - written) / 1000)}: ready after ${seconds((ready - started) / 1000)}`,
  );
} finally {
  await stack.remove();
}
