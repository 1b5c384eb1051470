import { canMatchReleaseTag } from "../../../contracts/release-tag.ts";
import type { Draft, ProvidersConfig } from "../model.ts";
import { describe, type Problem, problem, quote } from "../problems.ts";
import { isLoopback, sendsCredentialsInTheOpen } from "../providers.ts";

/** Tags that the program sets on every AWS resource; a setting of the same name would be lost. */
const OWN_TAGS: ReadonlySet<string> = new Set(["project", "stack", "component"]);

/** AWS takes 50 on a resource. */
const MAXIMUM_TAGS = 50 - OWN_TAGS.size;

/** Settings that make no sense together with another, or with what the world outside does. */
export function checkSettings(draft: Draft): Problem[] {
  return [
    ...checkRetention(draft),
    ...checkTagPattern(draft),
    ...checkApp(draft),
    ...(draft.providers === undefined ? [] : checkProviders(draft.providers)),
    ...checkTags(draft),
  ];
}

function checkRetention({ artifacts }: Draft): Problem[] {
  if (artifacts === undefined) return [];
  const { buildsDays, pullRequestsDays } = artifacts.retention;
  if (pullRequestsDays <= buildsDays) return [];
  return [
    problem(
      ["artifacts", "retention", "pullRequestsDays"],
      describe(pullRequestsDays),
      `at most buildsDays, ${buildsDays}: what anybody may propose is not kept longer than what was merged`,
    ),
  ];
}

function checkTagPattern({ release }: Draft): Problem[] {
  if (release === undefined || canMatchReleaseTag(release.tagPattern)) return [];
  const expected = "a pattern that release tags can match, as v1.2.3 and v1.2.3-rc.1 match v*";
  return [problem(["release", "tagPattern"], quote(release.tagPattern), expected)];
}

function checkApp({ githubApp, secrets }: Draft): Problem[] {
  if (githubApp !== undefined || !secrets.has("githubAppPrivateKey")) return [];
  return [
    problem(
      ["githubApp"],
      "nothing",
      "the App that hypriotos:githubAppPrivateKey belongs to: a mapping with id",
    ),
  ];
}

function checkProviders({ aws, github }: ProvidersConfig): Problem[] {
  const urls = [
    { path: ["providers", "aws", "endpoint"], url: aws.endpoint },
    { path: ["providers", "github", "baseUrl"], url: github.baseUrl },
  ];
  const problems = urls.flatMap(({ path, url }) => {
    if (url === undefined) return [];
    if (!URL.canParse(url)) return [problem(path, quote(url), "a URL with a host name or an address in it")];
    if (!sendsCredentialsInTheOpen(url)) return [];
    return [
      problem(path, quote(url), "https: plain http sends credentials in the open, except to 127.0.0.1"),
    ];
  });
  const local = aws.endpoint !== undefined && isLoopback(aws.endpoint);
  if (local && github.baseUrl === undefined) {
    const expected = "a GitHub on loopback too: github.com cannot deliver webhooks to an AWS on loopback";
    problems.push(problem(["providers", "github", "baseUrl"], "nothing", expected));
  }
  return problems;
}

function checkTags({ tags }: Draft): Problem[] {
  const keys = Object.keys(tags ?? {});
  const own = keys
    .filter((key) => OWN_TAGS.has(key))
    .map((key) => problem(["tags", key], "this key", "another key: the program sets this tag itself"));
  if (keys.length <= MAXIMUM_TAGS) return own;
  return [
    ...own,
    problem(["tags"], `${keys.length} tags`, `at most ${MAXIMUM_TAGS}: AWS takes 50 on a resource`),
  ];
}
