import { spawnSync } from "node:child_process";
import { cloudHealth, readCloud } from "../../local/cloud/cloud.ts";
import type { PartHealth } from "../../local/cloud/types.ts";
import { createContext } from "../setup-steps/context.js";
import { findEngine } from "../setup-steps/engine.js";
import { type KnownBuilds, readBuilds, readDeadLetters, renderBuilds, renderRun } from "./builds.ts";
import { lastOperation, readStackState } from "./engine-state.ts";
import { type ProgramOutputs, programOutputs } from "./summary.ts";

/** One line of the status: a part of the project, how it is, and in words. */
export interface PartStatus {
  readonly part: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface Status extends KnownBuilds {
  readonly stack: string;
  readonly parts: readonly PartStatus[];
  readonly outputs: ProgramOutputs;
  /** Messages among the dead letters, by queue name: what no runner could do. */
  readonly deadLetters: Readonly<Record<string, number>>;
}

/** Looks at every part of a stack on this machine. Starts nothing and changes nothing. */
export async function localStatus(stateDir: string, stack: string): Promise<Status> {
  const [cloud, engine] = await Promise.all([cloudHealth(stateDir), engineStatus()]);
  const outputs = programOutputs(readStackState(stateDir, stack)?.outputs ?? {});
  return {
    stack,
    parts: [
      dockerStatus(),
      cloudPart("AWS", cloud.aws),
      cloudPart("GitHub", cloud.github),
      engine,
      stackStatus(stateDir, stack),
      ...runnerStatus(outputs.runners ?? {}),
    ],
    outputs,
    ...(cloud.aws.state === "healthy" ? await work(stateDir, outputs) : { builds: [], deadLetters: {} }),
  };
}

/** What the pipeline works on. */
async function work(
  stateDir: string,
  { buildsTable, queues = {} }: ProgramOutputs,
): Promise<Pick<Status, "builds" | "reconciled" | "deadLetters">> {
  const info = readCloud(stateDir);
  if (buildsTable === undefined || info === undefined) return { builds: [], deadLetters: {} };
  const [known, deadLetters] = await Promise.all([
    readBuilds(info.aws, buildsTable),
    readDeadLetters(info.aws, queues),
  ]);
  return { ...known, deadLetters };
}

function cloudPart(part: string, health: PartHealth): PartStatus {
  const where = health.url === undefined ? "" : `, ${health.url}`;
  const who = health.pid === undefined ? "" : `, process ${health.pid}`;
  return { part, ok: health.state === "healthy", detail: `${health.state}: ${health.detail}${where}${who}` };
}

async function engineStatus(): Promise<PartStatus> {
  const engine = await findEngine(createContext());
  return engine === undefined
    ? { part: "engine", ok: false, detail: "the Pulumi CLI is missing: run scripts/setup" }
    : { part: "engine", ok: true, detail: `${engine.file} (${engine.origin})` };
}

function stackStatus(stateDir: string, stack: string): PartStatus {
  const part = `stack ${stack}`;
  const state = readStackState(stateDir, stack);
  if (state === undefined) return { part, ok: false, detail: "not there yet: npm run up" };
  const last = lastOperation(stateDir, stack);
  const when =
    last === undefined
      ? "no operation yet"
      : `${last.kind} ${last.result} at ${new Date(last.endTime * 1000).toISOString()}`;
  const pending = state.pending === 0 ? "" : `, ${state.pending} interrupted: npm run up repairs it`;
  const ok = last?.result === "succeeded" && state.pending === 0;
  return { part, ok, detail: `${state.resources} resources, ${when}${pending}` };
}

function docker(args: readonly string[]): { ok: boolean; text: string } {
  const result = spawnSync("docker", args, { encoding: "utf8", timeout: 10_000 });
  if (result.error !== undefined) return { ok: false, text: result.error.message };
  return { ok: result.status === 0, text: (result.status === 0 ? result.stdout : result.stderr).trim() };
}

function dockerStatus(): PartStatus {
  const { ok, text } = docker(["version", "--format", "{{.Server.Version}}"]);
  return { part: "Docker", ok, detail: ok ? `version ${text}` : (text.split("\n").at(-1) ?? "") };
}

/** The runners' containers, which the program exports by runner. */
function runnerStatus(runners: Readonly<Record<string, string>>): readonly PartStatus[] {
  return Object.values(runners).map((container) => {
    const { ok, text } = docker([
      "inspect",
      "--format",
      "{{.State.Status}}{{with .State.Health}}, {{.Status}}{{end}}",
      container,
    ]);
    // The daemon's own words, shortened: it may not answer, or the container may be gone.
    if (!ok) return { part: `runner ${container}`, ok: false, detail: text.split("\n").at(-1) ?? "" };
    return {
      part: `runner ${container}`,
      ok: text.startsWith("running") && !text.endsWith("unhealthy"),
      detail: text,
    };
  });
}

/** The status in words, one part a line. */
export function renderStatus(status: Status): string {
  const width = Math.max(...status.parts.map(({ part }) => part.length));
  const { webhookUrl, artifactBucket, repositories = {} } = status.outputs;
  return [
    ...status.parts.map(
      ({ part, ok, detail }) => `${ok ? "ok  " : "DOWN"}  ${part.padEnd(width)}  ${detail}`,
    ),
    ...(webhookUrl === undefined ? [] : [`      webhook: ${webhookUrl}`]),
    ...(artifactBucket === undefined ? [] : [`      artifacts: s3://${artifactBucket}`]),
    ...Object.entries(repositories).map(([name, { cloneUrl }]) => `      ${name}: ${cloneUrl}`),
    ...Object.entries(status.deadLetters).map(([queue, count]) => `      dead letters: ${count} in ${queue}`),
    ...(status.reconciled === undefined ? [] : [`      ${renderRun(status.reconciled)}`]),
    ...(status.builds.length === 0 ? [] : ["", "Builds, newest first:", ...renderBuilds(status.builds)]),
  ].join("\n");
}
