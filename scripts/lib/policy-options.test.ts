import { expect, it } from "vitest";
import { policyConfig } from "./policy-options.ts";

it("tells each policy what the stack file says to it, and the others nothing", () => {
  const exception = {
    resource: "aws:sqs/queue:Queue::build-arm64",
    reason: "moves next week",
    expires: "2027-01-31",
  };
  expect(
    policyConfig({
      githubApp: { id: 7 },
      policies: {
        advisory: ["reviews-required"],
        disabled: ["repositories-kept"],
        exceptions: [{ policy: "dead-letters", ...exception }],
      },
    }),
  ).toEqual({
    "reviews-required": { enforcementLevel: "advisory" },
    "repositories-kept": { enforcementLevel: "disabled" },
    "bypass-allow-list": { allowedApps: [7] },
    "dead-letters": { exceptions: [exception] },
  });
});
