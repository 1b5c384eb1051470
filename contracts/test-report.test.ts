import { expect, it } from "vitest";
import { type RspecReport, TestReport, testReport } from "./test-report.ts";

const passed = {
  full_description: 'Package "docker.io" is installed',
  status: "passed",
  file_path: "/opt/builder/spec/shared/docker_spec.rb",
  line_number: 4,
  run_time: 0.01,
} as const;

function report(...examples: RspecReport["examples"]): RspecReport {
  const failures = examples.filter(({ status }) => status === "failed").length;
  return {
    examples,
    summary: {
      example_count: examples.length,
      failure_count: failures,
      pending_count: 0,
      errors_outside_of_examples_count: 0,
    },
  };
}

it("adds up the reports of a build and keeps each to one line, with the reason of a failure", () => {
  const failed = {
    ...passed,
    status: "failed",
    full_description: "a\u001b[31m line\nand another",
    exception: { message: "expected true" },
  } as const;
  const made = testReport(
    new Map([
      ["image", report(passed)],
      ["image.boot", report(passed, failed)],
    ]),
  );
  expect(made.summary).toEqual({ examples: 3, failures: 1, pending: 0 });
  expect(made.examples.map(({ suite }) => suite)).toEqual(["image", "image.boot", "image.boot"]);
  expect(made.examples[2]).toEqual({
    suite: "image.boot",
    description: "a [31m line and another",
    location: "/opt/builder/spec/shared/docker_spec.rb:4",
    status: "failed",
    seconds: 0.01,
    message: "expected true",
  });
  expect(TestReport.parse(made)).toEqual(made);
});

it("counts a spec file that cannot be read as a failure", () => {
  const broken = report(passed);
  const summary = { ...broken.summary, errors_outside_of_examples_count: 1 };
  expect(testReport(new Map([["image", { ...broken, summary }]])).summary).toEqual({
    examples: 1,
    failures: 1,
    pending: 0,
  });
});
