import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { POLICY_NAMES } from "../../contracts/policies.ts";
import type { PipelineConfig } from "../../infra/config/model.ts";
import { policyPackFolder } from "../../local/engine/home.ts";
import type { RuleConfig } from "../../policies/exceptions.ts";
import type { Session } from "./session.ts";

/** What the engine passes on to each policy, by its name. */
export type PolicyConfig = Readonly<
  Record<string, Partial<RuleConfig> & { readonly enforcementLevel?: "advisory" | "disabled" }>
>;

/** What a stack's config says to the policies. Policies that it says nothing to are as they are. */
export function policyConfig({
  policies,
  githubApp,
}: Pick<PipelineConfig, "policies" | "githubApp">): PolicyConfig {
  return Object.fromEntries(
    POLICY_NAMES.flatMap((name) => {
      const exceptions = policies.exceptions
        .filter(({ policy }) => policy === name)
        .map(({ resource, reason, expires }) => ({ resource, reason, expires }));
      const own = {
        ...(policies.advisory.includes(name) ? { enforcementLevel: "advisory" as const } : {}),
        ...(policies.disabled.includes(name) ? { enforcementLevel: "disabled" as const } : {}),
        ...(exceptions.length > 0 ? { exceptions } : {}),
        ...(name === "bypass-allow-list" ? { allowedApps: [githubApp.id] } : {}),
      };
      return Object.keys(own).length === 0 ? [] : [[name, own]];
    }),
  );
}

/** The engine's options that make it run the policy pack, with what the stack's config says to it. */
export function policyOptions(session: Session, config: PipelineConfig): readonly string[] {
  const folder = session.local?.projectDir ?? join(session.root, "dist", "policies");
  const file = join(folder, `policies.${session.stack}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(policyConfig(config)));
  const pack =
    session.local === undefined
      ? join(session.root, "policies")
      : policyPackFolder(join(session.local.stateDir, "home"));
  return ["--policy-pack", pack, "--policy-pack-config", file];
}
