import { z } from "zod";
import { exactObject } from "./object.ts";

/** The version of the test report. */
export const TEST_REPORT_VERSION = 1;

/** The largest report that is read, in bytes. */
export const TEST_REPORT_MAX_BYTES = 8 * 1024 * 1024;

const count = z.int().min(0);

/** One example of the Serverspec suite. */
const TestExample = exactObject({
  /** Which run of the suite: the name of its artifact without `.test.json`. Missing in reports of before 2026-11. */
  suite: z.string().min(1).max(300).optional(),
  /** Everything that RSpec says of it, in one line. */
  description: z.string().min(1).max(1000),
  /** The spec file, relative to the suite or to the repository, with the line. */
  location: z.string().max(300),
  status: z.enum(["passed", "failed", "pending"]),
  seconds: z.number().min(0),
  /** Why it failed; missing unless it did. */
  message: z.string().max(4000).optional(),
});

export const TestSummary = exactObject({ examples: count, failures: count, pending: count }).meta({
  description: "How many examples ran, failed, and are pending.",
});

export type TestSummary = z.infer<typeof TestSummary>;

/** What the Serverspec suite found, one report for a build: `test-report.json` beside the manifest. */
export const TestReport = exactObject({
  version: z.literal(TEST_REPORT_VERSION),
  summary: TestSummary,
  examples: z.array(TestExample).max(20_000),
}).meta({ description: "What the Serverspec suite found." });

export type TestReport = z.infer<typeof TestReport>;

/** The part of RSpec's own JSON report that is read (format `json` of rspec-core 3). */
export const RspecReport = z.object({
  examples: z
    .array(
      z.object({
        full_description: z.string(),
        status: z.enum(["passed", "failed", "pending"]),
        file_path: z.string(),
        line_number: z.number(),
        run_time: z.number(),
        exception: z.object({ message: z.string() }).optional(),
      }),
    )
    .max(20_000),
  summary: z.object({
    example_count: count,
    failure_count: count,
    pending_count: count,
    errors_outside_of_examples_count: count,
  }),
});

export type RspecReport = z.infer<typeof RspecReport>;

function line(text: string, maximum: number): string {
  return text
    .replace(/\p{C}+/gu, " ")
    .trim()
    .slice(0, maximum);
}

/**
 * One report of all that RSpec wrote in a build, by the suite's name: one for each root filesystem, one for an image, one
 * for its boot.
 */
export function testReport(reports: ReadonlyMap<string, RspecReport>): TestReport {
  const sum = (pick: (summary: RspecReport["summary"]) => number) =>
    [...reports.values()].reduce((total, { summary }) => total + pick(summary), 0);
  return {
    version: TEST_REPORT_VERSION,
    summary: {
      examples: sum((summary) => summary.example_count),
      // A spec file that cannot be read is a failure of no example.
      failures: sum((summary) => summary.failure_count + summary.errors_outside_of_examples_count),
      pending: sum((summary) => summary.pending_count),
    },
    examples: [...reports].flatMap(([suite, { examples }]) =>
      examples.map((example) => ({
        suite,
        description: line(example.full_description, 1000) || "(no description)",
        location: line(`${example.file_path}:${example.line_number}`, 300),
        status: example.status,
        seconds: Math.max(0, example.run_time),
        ...(example.exception === undefined ? {} : { message: example.exception.message.slice(0, 4000) }),
      })),
    ),
  };
}
