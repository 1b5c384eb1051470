import { z } from "zod";

/** Debian architecture names that a board may have. */
export const ARCHITECTURES = ["armhf", "arm64", "armel", "amd64"] as const;

export const Architecture = z
  .enum(ARCHITECTURES, { error: `one of ${ARCHITECTURES.join(", ")}` })
  .meta({ description: "Debian architecture name." });

export type Architecture = z.infer<typeof Architecture>;
