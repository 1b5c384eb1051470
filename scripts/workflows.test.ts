import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const FOLDER = join(import.meta.dirname, "..", ".github/workflows");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<
    Record<string, { readonly if?: string; readonly permissions?: object; readonly steps: readonly Step[] }>
  >;
}

const files = readdirSync(FOLDER).map((name) => {
  const text = readFileSync(join(FOLDER, name), "utf8");
  return { name, text, workflow: parse(text) as Workflow };
});

describe.each(files)("$name", ({ text, workflow }) => {
  it("pins actions by commit, and says which version that is", () => {
    const lines = text.split("\n").filter((line) => line.includes("uses:"));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("has no right that its job does not ask for, and leaves no token in the work tree", () => {
    expect([{}, { contents: "read" }]).toContainEqual(workflow.permissions);
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
    for (const step of steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"))) {
      expect(step.with).toMatchObject({ "persist-credentials": false });
    }
  });

  it("puts nothing of an event into a script but by the environment", () => {
    const scripts = Object.values(workflow.jobs).flatMap(({ steps }) =>
      steps.flatMap(({ run }) => run ?? []),
    );
    for (const script of scripts) expect(script).not.toContain("${{");
  });
});

describe("a fork's pull request", () => {
  const jobs = files.find(({ name }) => name === "audit.yml")?.workflow.jobs;

  it("has a job that checks out the base, can get no credential and no secret", () => {
    const job = jobs?.settings;
    expect(job?.if).toContain("head.repo.full_name != github.repository");
    expect(job?.permissions).toEqual({ contents: "read", "pull-requests": "write" });
    const checkouts = job?.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts?.map((step) => String(step.with?.ref).replace(/^\$/, ""))).toEqual([
      "{{ github.event.pull_request.base.sha }}",
    ]);
    expect(JSON.stringify(job)).not.toMatch(/secrets\.|environment|npm run|head\.ref/);
  });

  it("is not previewed", () => {
    expect(jobs?.preview?.if).toContain("github.event_name == 'pull_request' &&");
    expect(jobs?.preview?.if).toContain("head.repo.full_name == github.repository");
  });
});
