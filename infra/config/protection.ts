import { z } from "zod";
import { BUILD_CHECK } from "../../contracts/checks.ts";
import { TeamSlug } from "../../contracts/names.ts";
import { exactObject } from "../../contracts/object.ts";
import { choice, flag, text, wholeNumber } from "./fields.ts";

const checkName = text(
  /^[^\s\p{C}]([^\p{C}]{0,98}[^\s\p{C}])?$/u,
  "the name of a check, one line of at most 100 characters",
);

/** Repetition is found when the lists are compared, so that it hides nothing else about them. */
const checkList = z.array(checkName, { error: "a list of check names" }).meta({ uniqueItems: true });

const mode = choice(["always", "pull_request"])
  .default("pull_request")
  .meta({ description: "Whether they may push past the rules, or only merge past them." });

const BYPASS_KINDS = "app, team, organization-admin";

const bypassSchema = z.discriminatedUnion(
  "kind",
  [
    exactObject({
      kind: z.literal("app").meta({ description: "A GitHub App." }),
      id: wholeNumber(1, Number.MAX_SAFE_INTEGER).meta({ description: "The App's id." }),
      mode,
    }),
    exactObject({
      kind: z
        .literal("team")
        .meta({ description: "A team of the organization that has access to the repositories." }),
      team: TeamSlug.meta({ description: "The team's slug." }),
      mode,
    }),
    exactObject({
      kind: z.literal("organization-admin").meta({ description: "The organization's owners." }),
      mode,
    }),
  ],
  {
    error: (issue) =>
      issue.code === "invalid_union"
        ? `one of ${BYPASS_KINDS}`
        : `a mapping with kind, one of ${BYPASS_KINDS}`,
  },
);

export type Bypass = z.output<typeof bypassSchema>;

/** Who may bypass where nothing says so: the App that the program acts as, since it writes managed files. */
export function defaultBypass(appId: number | undefined): readonly Bypass[] {
  return appId === undefined ? [] : [{ kind: "app", id: appId, mode: "always" }];
}

export const protectionSchema = exactObject({
  requiredChecks: checkList
    .default([BUILD_CHECK])
    .meta({ description: "Checks that a commit must pass before it is merged." }),
  externalChecks: checkList.default([]).meta({
    description: "Checks that something outside this pipeline reports, so that they may be required.",
  }),
  approvals: wholeNumber(0, 6)
    .default(1)
    .meta({ description: "Approving reviews that a pull request needs." }),
  strict: flag().default(true).meta({ description: "A pull request must be up to date with the branch." }),
  bypass: z.array(bypassSchema, { error: "a list of who may bypass the rules" }).exactOptional().meta({
    description:
      "Who may bypass the branch's rules. One with mode always must be among them: the program itself writes board.json. Default: the App of hypriotos:githubApp.",
  }),
})
  .prefault({})
  .meta({ description: "Rules for the default branch of every repository." });
