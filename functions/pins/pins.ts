import type { S3Client } from "@aws-sdk/client-s3";
import type { GithubApp } from "../../clients/github-app.ts";
import { GithubReleases } from "../../clients/github-releases.ts";
import { reasonOf } from "../../clients/text.ts";
import type { Catalogue } from "../../contracts/catalogue.ts";
import type { PinsSettings } from "../../contracts/pins-settings.ts";
import { logger } from "../lib/logger.ts";
import { readPublishedRelease } from "../lib/published-release.ts";
import type { Outcome } from "./proposal.ts";
import { propose } from "./propose.ts";
import { pinnedRepositories, planPins } from "./release.ts";
import { pinInTemplate } from "./template.ts";

export interface Pinner {
  readonly settings: PinsSettings;
  readonly catalogue: Catalogue;
  readonly s3: S3Client;
  readonly github: GithubApp;
}

/** Releases are read to know which is the highest. */
const READ = { contents: "read" } as const;

/**
 * Pins the release of a `release.json` for new boards, and proposes it to every board that it is for, one after
 * another, as GitHub asks for. Resolves with what was done by repository name; nothing for a release that nobody pins. Throws when all were tried
 * and some failed: the event is to be delivered again, what was done stays.
 */
export async function pinRelease(
  { settings, catalogue, s3, github }: Pinner,
  key: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Outcome>> {
  const published = await readPublishedRelease(s3, settings.bucket, key);
  const { repository, tag } = published;
  const releases = await new GithubReleases(github, repository, READ, signal).releases();
  const tags = releases.filter(({ draft }) => !draft).map((release) => release.tag);
  const release = planPins(published, tags, catalogue, settings.organization);
  if ("ignored" in release) {
    logger.info("not pinned", { repository, tag, reason: release.ignored });
    return new Map();
  }
  const outcomes = new Map<string, Outcome>();
  const failures: string[] = [];
  const told = async (repo: string, tell: (full: string) => Promise<Outcome>) => {
    const full = `${settings.organization}/${repo}`;
    try {
      const outcome = await tell(full);
      outcomes.set(repo, outcome);
      logger.info("pins", { repository: full, tag, outcome });
    } catch (error) {
      const reason = reasonOf(error);
      failures.push(`${full}: ${reason}`);
      logger.error("pins failed", { repository: full, tag, reason });
    }
  };
  await told(settings.template, (full) =>
    pinInTemplate({ github, repository: full, release, pins: release.pins, signal }),
  );
  for (const { repo, pins } of pinnedRepositories(release, catalogue)) {
    await told(repo, (full) =>
      propose({ github, appId: settings.github.appId, repository: full, release, pins, signal }),
    );
  }
  if (failures.length > 0)
    throw new Error(`${repository} ${tag} is not proposed everywhere: ${failures.join("; ")}`);
  return outcomes;
}
