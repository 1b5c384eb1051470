import { APPROVAL_LABEL, PINS_LABEL } from "../../contracts/labels.ts";

/** An issue label; `color` is six hex digits. */
export interface Label {
  readonly name: string;
  readonly color: string;
  readonly description: string;
}

/** The labels of every pipeline repository. */
export const PIPELINE_LABELS: readonly Label[] = [
  { name: APPROVAL_LABEL, color: "0e8a16", description: "A maintainer approved this pull request's build" },
  { name: "bug", color: "d73a4a", description: "Something does not work" },
  { name: "documentation", color: "0075ca", description: "Improves the documentation" },
  { name: "enhancement", color: "a2eeef", description: "New feature or request" },
  {
    name: PINS_LABEL,
    color: "5319e7",
    description: "New versions of the root filesystem, the kernel or Docker",
  },
];
