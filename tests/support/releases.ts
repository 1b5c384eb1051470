import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { RELEASE_CHECK } from "../../contracts/checks.ts";
import type { TestStack } from "./test-stack.ts";
import { until } from "./until.ts";

/** Waits until a tag's release is told on its commit. Resolves with its check run. */
function told(stack: TestStack, repository: string, commit: string, seconds: number) {
  return until(
    `${repository} ${commit} is released`,
    async () => {
      const { data } = await stack.github.rest.checks.listForRef({
        owner: stack.cloud.github.organization,
        repo: repository,
        ref: commit,
        check_name: RELEASE_CHECK,
      });
      const newest = data.check_runs.sort((one, other) => other.id - one.id)[0];
      return newest?.status === "completed" ? newest : undefined;
    },
    { seconds, every: 1000 },
  );
}

/** The release of a tag whose build has ended, as the REST API shows it. */
export async function release(
  stack: TestStack,
  { repository, tag, commit }: { readonly repository: string; readonly tag: string; readonly commit: string },
  seconds = 120,
) {
  const check = await told(stack, repository, commit, seconds);
  if (check.conclusion !== "success")
    throw new Error(`${check.output.title}: ${check.output.summary ?? "no reason told"}`);
  const owner = stack.cloud.github.organization;
  const { data } = await stack.github.rest.repos.getReleaseByTag({ owner, repo: repository, tag });
  return data;
}

interface Asset {
  readonly name: string;
  readonly browser_download_url: string;
}

/** Downloads assets as a browser does, into a folder. */
export async function downloadAssets(assets: readonly Asset[], folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { name, browser_download_url } of assets) {
    const answer = await fetch(browser_download_url);
    if (!answer.ok || answer.body === null) throw new Error(`${browser_download_url}: ${answer.status}`);
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(join(folder, name)));
  }
}
