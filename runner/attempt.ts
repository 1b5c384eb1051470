import { reasonOf } from "../clients/text.ts";
import { buildVersion } from "../contracts/build-job.ts";
import { LOG_FILE } from "../contracts/build-key.ts";
import { type Artifact, type FailureCause, MANIFEST_VERSION, type Manifest } from "../contracts/manifest.ts";
import type { TestReport } from "../contracts/test-report.ts";
import { collectArtifacts } from "./artifacts.ts";
import { runningText } from "./check-text.ts";
import { BuildContainer, type Ended, EXIT, removeLeftovers } from "./container.ts";
import { BuildFailure, Stopped, Superseded } from "./failure.ts";
import { Progress } from "./progress.ts";
import { Repeated } from "./repeat.ts";
import { sendPins } from "./send-pins.ts";
import { TEST_REPORT_FILE } from "./store.ts";
import type { Build } from "./tools.ts";
import { sendWorkspace } from "./workspace.ts";

/** What an attempt knows at its end, beside its failure. */
interface Result {
  builder: string;
  artifacts: readonly Artifact[];
  report: TestReport | undefined;
}

/**
 * Builds and tests once, and says how it went in a manifest that is not written yet; log and artifacts are. Throws
 * Superseded, Stopped, or what went wrong with the pipeline itself.
 */
export async function attempt(build: Build, stop: AbortSignal): Promise<Manifest> {
  const { tools, job } = build;
  const startedAt = tools.now();
  const control = new AbortController();
  const stopped = () => control.abort(new Stopped("the runner is told to stop"));
  stop.addEventListener("abort", stopped);
  if (stop.aborted) stopped();
  const progress = new Progress(build, startedAt);
  const look = async () => {
    const newer = await tools.records.newer(job);
    if (newer !== undefined) control.abort(new Superseded(`a newer commit is built: ${newer}`));
  };
  const { minutes } = tools.settings.limits;
  const tooLong = new BuildFailure("time", `the build took longer than ${minutes} minutes`);
  const timer = setTimeout(() => control.abort(tooLong), minutes * 60_000);
  const watch = new Repeated(tools.times.lookForNewer, look, (error) =>
    build.step("cannot look for a newer build", { reason: reasonOf(error) }),
  );
  const beat = new Repeated(
    tools.times.keepMessage,
    async () => {
      await tools.records.beat(job, tools.now());
    },
    (error) => build.step("cannot say that the build goes on", { reason: reasonOf(error) }),
  );
  const result: Result = { builder: tools.settings.builderImage, artifacts: [], report: undefined };
  let failure: BuildFailure | undefined;
  try {
    await look();
    await inContainer(build, progress, control, result, () => clearTimeout(timer));
  } catch (error) {
    const cause: unknown = control.signal.aborted ? control.signal.reason : error;
    if (!(cause instanceof BuildFailure)) throw cause;
    failure = cause;
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", stopped);
    await watch.stop();
    await beat.stop();
    await progress.stop();
  }
  if (failure !== undefined) progress.fail(failure);
  await build.store.put(LOG_FILE, progress.log());
  build.step("log written");
  return manifest(build, startedAt, progress, result, failure);
}

function manifest(
  { tools, job }: Build,
  startedAt: Date,
  progress: Progress,
  { builder, artifacts, report }: Result,
  failure: BuildFailure | undefined,
): Manifest {
  const { repository, kind, commit, trigger, trusted, architectures } = job;
  return {
    version: MANIFEST_VERSION,
    ...{ repository, kind, commit, trigger, trusted, architectures, attempt: job.attempt },
    ...(failure === undefined
      ? { result: "success" }
      : {
          result: "failure",
          reason: failure.message,
          cause: failure.failure,
          ...(failure.problems.length === 0 ? {} : { problems: [...failure.problems] }),
        }),
    builder,
    startedAt: startedAt.toISOString(),
    finishedAt: tools.now().toISOString(),
    phases: [...progress.phases],
    ...(report === undefined ? {} : { tests: report.summary }),
    artifacts: [...artifacts],
  };
}

async function inContainer(
  build: Build,
  progress: Progress,
  control: AbortController,
  result: Result,
  ran: () => void,
): Promise<void> {
  const { tools, job, key, github, step, logUrl } = build;
  const { settings, docker } = tools;
  const { signal } = control;
  const left = await removeLeftovers(docker, settings.name, key);
  if (left > 0) step("removed what an earlier run left", { containers: left });
  await github.tell(
    { status: "in_progress", startedAt: progress.startedAt },
    runningText(undefined, logUrl),
    logUrl,
  );
  step("check run in progress");
  const epoch = await github.commitTime(signal);
  signal.throwIfAborted();
  const container = await BuildContainer.create(docker, {
    image: settings.builderImage,
    runner: settings.name,
    build: key,
    cacheVolume: settings.cacheVolume,
    cacheReadOnly: !job.trusted,
    limits: settings.limits,
    version: buildVersion(job),
    epoch,
    bootTest: job.bootTest === true,
  });
  try {
    step("container created");
    result.builder = await container.image();
    const { documents } = await sendWorkspace(await github.tarball(signal), container, epoch, signal);
    step("workspace sent");
    await sendPins(build, container, documents.get("versions.json"), signal);
    signal.throwIfAborted();
    const ended = await watched(build, container, progress, control);
    // From here on nothing depends on what the build does.
    ran();
    signal.throwIfAborted();
    step("container ended", { code: ended.code });
    await keep(build, container, progress, ended, result, signal);
  } finally {
    await container.remove();
  }
}

async function watched(
  { tools, step }: Build,
  container: BuildContainer,
  progress: Progress,
  control: AbortController,
): Promise<Ended> {
  const { diskMiB } = tools.settings.limits;
  const look = async () => {
    if ((await container.size()) > diskMiB * 1024 * 1024)
      control.abort(new BuildFailure("disk", `the build wrote more than ${diskMiB} MiB`));
  };
  const disk = new Repeated(tools.times.lookAtDisk, look, (error) =>
    step("cannot look at the container's size", { reason: reasonOf(error) }),
  );
  try {
    return await container.run((chunk) => progress.take(chunk), control.signal);
  } finally {
    await disk.stop();
    progress.end();
  }
}

/** Takes what the build left, and throws BuildFailure unless it is a success. */
async function keep(
  { tools, store, step }: Build,
  container: BuildContainer,
  progress: Progress,
  { code, outOfMemory }: Ended,
  result: Result,
  signal: AbortSignal,
): Promise<void> {
  const { memoryMiB } = tools.settings.limits;
  if (code !== EXIT.done && outOfMemory) {
    throw new BuildFailure("memory", `the build needed more than ${memoryMiB} MiB of memory`);
  }
  const failed = (cause: FailureCause, message: string) =>
    new BuildFailure(cause, message, progress.problems);
  if (code === EXIT.repository) throw failed("repository", "the repository is not as the builder expects");
  if (code === EXIT.build) throw failed("build", "the build failed");
  if (code === EXIT.testsWrong) throw failed("tests", "the tests cannot be run");
  if (code !== EXIT.done && code !== EXIT.tests && code !== EXIT.boot)
    throw failed("build", `the build ended with exit code ${code}`);
  const { artifacts, report } = await collectArtifacts(container, store, signal);
  step("artifacts written", { artifacts: artifacts.length });
  const body = report === undefined ? undefined : Buffer.from(`${JSON.stringify(report)}\n`);
  const own =
    body === undefined ? [] : [{ path: TEST_REPORT_FILE, ...(await store.put(TEST_REPORT_FILE, body)) }];
  result.artifacts = [...artifacts, ...own].sort((one, other) => (one.path < other.path ? -1 : 1));
  result.report = report;
  const { examples = 0, failures = 0 } = report?.summary ?? {};
  if (failures > 0) throw failed("tests", `${failures} of ${examples} tests failed`);
  if (code === EXIT.tests) throw failed("tests", "the tests failed");
  // Its tests failed too, or it did not come so far.
  if (code === EXIT.boot) throw failed("tests", "the image did not boot");
  if (examples === 0) throw failed("tests", "no test ran");
}
