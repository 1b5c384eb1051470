import { PolicyPack, type ResourceValidationPolicy, type StackValidationPolicy } from "@pulumi/policy";
import { afterExceptions, type Exception, type RuleConfig } from "./exceptions.ts";
import { RULES } from "./rules/all.ts";
import type { ResourceRule, Rule, StackRule } from "./rules/rule.ts";

const today = new Date().toISOString().slice(0, 10);

const text = ({ name, description, level, severity, fix, reason }: Rule) => ({
  name,
  description: `${description}. ${reason} ${fix}`,
  enforcementLevel: level,
  severity,
  configSchema: {
    properties: {
      exceptions: {
        type: "array" as const,
        items: {
          type: "object" as const,
          properties: {
            resource: { type: "string" as const },
            reason: { type: "string" as const },
            expires: { type: "string" as const },
          },
          required: ["resource", "reason", "expires"],
        },
      },
      allowedApps: { type: "array" as const, items: { type: "number" as const } },
    },
  },
});

function settings({ exceptions = [], allowedApps = [] }: Partial<RuleConfig>): RuleConfig {
  // The engine reads numbers as floating point, and lists as they are.
  return { exceptions: exceptions as readonly Exception[], allowedApps: allowedApps.map(Number) };
}

function resourcePolicy(rule: ResourceRule): ResourceValidationPolicy {
  return {
    ...text(rule),
    validateResource: (subject, report) => {
      const config = settings(subject.getConfig<Partial<RuleConfig>>());
      for (const message of rule.check(subject, config)) {
        const left = afterExceptions({ urn: subject.urn, message }, config.exceptions, today);
        if (left !== undefined) report(left);
      }
    },
  };
}

function stackPolicy(rule: StackRule): StackValidationPolicy {
  return {
    ...text(rule),
    validateStack: (stack, report) => {
      const config = settings(stack.getConfig<Partial<RuleConfig>>());
      for (const finding of rule.checkStack(stack.resources, config)) {
        const left = afterExceptions(finding, config.exceptions, today);
        if (left !== undefined) report(left, finding.urn);
      }
    },
  };
}

new PolicyPack("hypriotos", {
  enforcementLevel: "mandatory",
  policies: RULES.map((rule) => ("check" in rule ? resourcePolicy(rule) : stackPolicy(rule))),
});
