import { physicalNames, TEMPLATE_KINDS, templateRepository } from "../../../components/plan/names.ts";
import type { Draft, StackClaims } from "../model.ts";
import { type Path, type Problem, problem, quote } from "../problems.ts";
import { isLoopback } from "../providers.ts";
import { draftRepositories } from "./repositories.ts";

interface Claim {
  readonly path: Path;
  /** As the problem shows it. */
  readonly name: string;
  readonly claim: string;
}

/** Two stacks that own the same bucket or repository undo each other's changes at every update. */
export function checkStacks(draft: Draft, others: readonly StackClaims[]): Problem[] {
  const owners = new Map(
    others
      .filter((other) => other.stack !== draft.stack)
      .flatMap((other) => other.claims.map((claim) => [claim, other.stack] as const)),
  );
  return draftClaims(draft).flatMap(({ path, name, claim }) => {
    const owner = owners.get(claim);
    return owner === undefined
      ? []
      : [problem(path, quote(name), `a name of this stack's own: stack ${quote(owner)} has it too`)];
  });
}

/** What a stack claims, whatever else may be wrong with it. */
export function claimsOf(draft: Draft): StackClaims {
  return { stack: draft.stack, claims: draftClaims(draft).map(({ claim }) => claim) };
}

/** An emulator is this machine's alone, so nothing on loopback is claimed. */
function draftClaims(draft: Draft): readonly Claim[] {
  const { organization, providers, artifacts, stack } = draft;
  if (organization === undefined || providers === undefined) return [];
  const { aws, github } = providers;
  const claims: Claim[] = [];
  if (artifacts !== undefined && !onLoopback(aws.endpoint)) {
    const bucket = artifacts.bucket ?? physicalNames(organization.name, stack).artifactBucket;
    claims.push({
      path: ["artifacts", "bucket"],
      name: bucket,
      claim: `bucket ${bucket} at ${aws.endpoint ?? "AWS"}`,
    });
  }
  if (!onLoopback(github.baseUrl)) {
    const templates = TEMPLATE_KINDS.map((kind) => ({
      path: ["organization", "name"],
      repository: templateRepository(kind),
    }));
    for (const { path, repository } of [...templates, ...draftRepositories(draft)]) {
      const name = `${organization.name}/${repository}`;
      const claim = `repository ${name.toLowerCase()} at ${github.baseUrl ?? "GitHub"}`;
      claims.push({ path, name, claim });
    }
  }
  return claims;
}

function onLoopback(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && isLoopback(url);
}
