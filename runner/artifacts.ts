import type { Readable } from "node:stream";
import { extract } from "tar-stream";
import { cut, visible } from "../clients/text.ts";
import { LOG_FILE } from "../contracts/build-key.ts";
import { type Artifact, MANIFEST_FILE, MAX_PROBLEMS, Artifact as Schema } from "../contracts/manifest.ts";
import { RspecReport, TEST_REPORT_MAX_BYTES, type TestReport, testReport } from "../contracts/test-report.ts";
import type { BuildContainer } from "./container.ts";
import { BuildFailure } from "./failure.ts";
import { type BuildStore, TEST_REPORT_FILE } from "./store.ts";

/** What stands beside artifacts and is the runner's to write. */
const RESERVED: readonly string[] = [MANIFEST_FILE, LOG_FILE, TEST_REPORT_FILE];
/** A manifest takes 1,000, one of them the report. */
const MAX_ARTIFACTS = 999;
const REPORT = /^([^/]+)\.test\.json$/;

export interface Collected {
  readonly artifacts: readonly Artifact[];
  /** Missing when no test wrote a report. */
  readonly report: TestReport | undefined;
}

/** What is wrong with an entry of /dist, by its path below it; undefined for what can be kept. */
export function artifactProblem(path: string, type: string): string | undefined {
  const shown = visible(cut(path, 200));
  if (type !== "file" && type !== "directory")
    return `dist/${shown}: found a ${visible(type)}, expected a plain file`;
  if (RESERVED.includes(path))
    return `dist/${shown}: found a name that the pipeline itself uses, expected another name`;
  const { success } = Schema.shape.path.safeParse(path);
  return success
    ? undefined
    : `dist/${shown}: found a name that cannot be kept, expected letters, digits and . _ + ~ / -`;
}

/** Streams what a build left in /dist to its place. Throws BuildFailure with everything that cannot be kept. */
export async function collectArtifacts(
  container: Pick<BuildContainer, "get">,
  store: BuildStore,
  signal: AbortSignal,
): Promise<Collected> {
  const dist = await container.get("/dist");
  if (dist === undefined) throw new BuildFailure("artifacts", "the build left no folder /dist");
  try {
    return await collectFrom(dist, store, signal);
  } finally {
    // The daemon holds the container as long as somebody may read on.
    dist.destroy();
  }
}

async function collectFrom(dist: Readable, store: BuildStore, signal: AbortSignal): Promise<Collected> {
  const entries = extract();
  dist.once("error", (error) => entries.destroy(error));
  dist.pipe(entries);
  const artifacts: Artifact[] = [];
  const reports = new Map<string, RspecReport>();
  const problems: string[] = [];
  for await (const entry of entries) {
    signal.throwIfAborted();
    const { name, type } = entry.header;
    const path = name.replace(/^\.?\/?dist\/?/, "").replace(/\/$/, "");
    const problem = path === "" ? undefined : artifactProblem(path, type);
    if (problem !== undefined && problems.length < MAX_PROBLEMS) problems.push(problem);
    if (artifacts.length >= MAX_ARTIFACTS) throw tooMany();
    if (problems.length > 0 || type !== "file") {
      entry.resume();
      continue;
    }
    const suite = REPORT.exec(path)?.[1];
    const kept = suite === undefined ? undefined : new Kept(TEST_REPORT_MAX_BYTES);
    const stored = await store.upload(path, bytes(entry, kept), signal);
    artifacts.push({ path, ...stored });
    if (suite !== undefined && kept !== undefined) {
      const report = readReport(kept.content);
      if (report === undefined)
        problems.push(`dist/${path}: found what is no report of RSpec, expected its JSON`);
      else reports.set(suite, report);
    }
  }
  if (problems.length > 0) {
    throw new BuildFailure("artifacts", "the build left what cannot be kept in /dist", problems);
  }
  artifacts.sort((one, other) => (one.path < other.path ? -1 : 1));
  return { artifacts, report: reports.size === 0 ? undefined : testReport(byName(reports)) };
}

/** /dist has its files in no order. */
function byName(reports: ReadonlyMap<string, RspecReport>): ReadonlyMap<string, RspecReport> {
  return new Map([...reports].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function tooMany(): BuildFailure {
  return new BuildFailure("artifacts", `the build left more than ${MAX_ARTIFACTS} files in /dist`);
}

/** The beginning of a stream, for who wants to read it when it has gone by. */
class Kept {
  readonly #maximum: number;
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  add(chunk: Uint8Array): void {
    this.#size += chunk.length;
    if (this.#size <= this.#maximum) this.#chunks.push(chunk);
  }

  /** Undefined when it was longer. */
  get content(): Buffer | undefined {
    return this.#size <= this.#maximum ? Buffer.concat(this.#chunks) : undefined;
  }
}

async function* bytes(entry: AsyncIterable<unknown>, kept: Kept | undefined): AsyncGenerator<Uint8Array> {
  for await (const chunk of entry) {
    if (!(chunk instanceof Uint8Array)) continue;
    kept?.add(chunk);
    yield chunk;
  }
}

function readReport(content: Buffer | undefined): RspecReport | undefined {
  if (content === undefined) return undefined;
  try {
    return RspecReport.safeParse(JSON.parse(content.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
