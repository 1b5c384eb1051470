import { z } from "zod";
import { uniqueList } from "../../contracts/list.ts";
import { exactObject } from "../../contracts/object.ts";
import { POLICY_NAMES } from "../../contracts/policies.ts";
import { choice, text } from "./fields.ts";

/** The engine reads a day without quotes as a moment, and hands that on; scripts read the file and see the day. */
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}( 00:00:00 \+0000 UTC)?$/;

const exceptionSchema = exactObject({
  policy: choice(POLICY_NAMES).meta({ description: "The policy that may be violated." }),
  resource: text(
    /^[A-Za-z0-9:/_.-]{3,200}::[^\s\p{C}]{1,200}$/u,
    "a resource's type and its name in the program, aws:sqs/queue:Queue::build-arm64",
  ).meta({
    description: "By which resource: type and name in the program, aws:sqs/queue:Queue::build-arm64.",
  }),
  reason: text(/^(?=.*\S)[^\p{C}]{10,500}$/u, "a reason, of 10 to 500 characters on one line").meta({
    description: "Why. It is shown in reports.",
  }),
  expires: text(DAY, "a day, 2027-01-31")
    .refine((day) => !Number.isNaN(Date.parse(day.slice(0, 10))), {
      error: "a day of the calendar, 2027-01-31",
    })
    .meta({ description: "The last day on which it holds, in UTC. After it the policy is violated again." }),
});

export const policiesSchema = exactObject({
  advisory: uniqueList(choice(POLICY_NAMES), "a list of policies")
    .default([])
    .meta({ description: "Policies that are told of and stop nothing in this stack." }),
  disabled: uniqueList(choice(POLICY_NAMES), "a list of policies")
    .default([])
    .meta({ description: "Policies that this stack is not judged by." }),
  exceptions: z
    .array(exceptionSchema, { error: "a list of exceptions" })
    .default([])
    .meta({ description: "What single resources may violate for a while." }),
})
  .prefault({})
  .meta({ description: "What the policy pack lets pass (docs/policies.md)." });
