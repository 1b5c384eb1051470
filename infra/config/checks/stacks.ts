import { physicalNames, TEMPLATE_KINDS, templateRepository } from "../../../components/plan/names.ts";
import { isLoopback } from "../../../contracts/loopback.ts";
import type { Draft, StackClaims } from "../model.ts";
import { type Path, type Problem, problem, quote } from "../problems.ts";
import { found } from "./found.ts";
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
      : [
          problem(
            path,
            found(draft, path, name),
            `a name of this stack's own: stack ${quote(owner)} has it too`,
          ),
        ];
  });
}

/** What a stack claims, whatever else may be wrong with it. */
export function claimsOf(draft: Draft): StackClaims {
  return { stack: draft.stack, claims: draftClaims(draft).map(({ claim }) => claim) };
}

/** An emulator is this machine's alone, so nothing on loopback is claimed. */
function draftClaims(draft: Draft): readonly Claim[] {
  return [...bucketClaims(draft), ...repositoryClaims(draft)];
}

function bucketClaims({ organization, providers, artifacts, stack }: Draft): readonly Claim[] {
  const { aws } = providers;
  if (organization.name === undefined || aws === undefined || artifacts === undefined) return [];
  if (isLoopback(aws.endpoint ?? "")) return [];
  const name = artifacts.bucket ?? physicalNames(organization.name, stack).artifactBucket;
  return [{ path: ["artifacts", "bucket"], name, claim: `bucket ${name} at ${aws.endpoint ?? "AWS"}` }];
}

function repositoryClaims(draft: Draft): readonly Claim[] {
  const { organization, providers } = draft;
  const { github } = providers;
  if (organization.name === undefined || github === undefined || isLoopback(github.baseUrl ?? "")) return [];
  // Kernels' is made with the first of them; the others always.
  const kinds = TEMPLATE_KINDS.filter((kind) => kind !== "kernel" || draft.kernels.size > 0);
  const templates = kinds.map((kind) => ({
    path: ["organization", "name"],
    repository: templateRepository(kind),
  }));
  return [...templates, ...draftRepositories(draft)].map(({ path, repository }) => {
    const name = `${organization.name}/${repository}`;
    return { path, name, claim: `repository ${name.toLowerCase()} at ${github.baseUrl ?? "GitHub"}` };
  });
}
