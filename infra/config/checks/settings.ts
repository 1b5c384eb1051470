import { isLoopback } from "../../../contracts/loopback.ts";
import type { Draft } from "../model.ts";
import { type Problem, problem } from "../problems.ts";
import { found } from "./found.ts";

/** Settings that make no sense together. */
export function checkSettings(draft: Draft): Problem[] {
  return [...checkRetention(draft), ...checkClouds(draft)];
}

function checkRetention(draft: Draft): Problem[] {
  const { artifacts } = draft;
  if (artifacts === undefined) return [];
  const { buildsDays, pullRequestsDays } = artifacts.retention;
  if (pullRequestsDays <= buildsDays) return [];
  const path = ["artifacts", "retention", "pullRequestsDays"];
  const expected = `at most buildsDays, ${buildsDays}: what anybody may propose is not kept longer than what was merged`;
  return [problem(path, found(draft, path, pullRequestsDays), expected)];
}

function checkClouds({ providers }: Draft): Problem[] {
  const { aws, github } = providers;
  if (aws?.endpoint === undefined || !isLoopback(aws.endpoint) || github === undefined) return [];
  if (github.baseUrl !== undefined) return [];
  const expected = "a GitHub on loopback too: github.com cannot deliver webhooks to an AWS on loopback";
  return [problem(["providers", "github", "baseUrl"], "nothing", expected)];
}
