import { APPROVAL_LABEL, PINS_LABEL } from "../../contracts/labels.ts";

/** An issue label; `color` is six hex digits. */
export interface Label {
  readonly name: string;
  readonly color: string;
  readonly description: string;
}

/** What the pipeline itself goes by, in every repository. All other labels are people's, and never touched. */
export const PIPELINE_LABELS: readonly Label[] = [
  { name: APPROVAL_LABEL, color: "0e8a16", description: "A maintainer approved this pull request's build" },
  {
    name: PINS_LABEL,
    color: "5319e7",
    description: "New versions of the root filesystem, the kernel or Docker",
  },
];
