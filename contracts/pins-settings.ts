import { z } from "zod";
import { GithubAccess } from "./runner-settings.ts";

/** The environment variable that holds the settings of pins, as JSON. */
export const PINS_SETTINGS_VARIABLE = "PINS_SETTINGS";

/** What pins is told: the program writes it, the function reads it. */
export const PinsSettings = z.strictObject({
  /** The owner of every repository. */
  organization: z.string().min(1),
  /** The artifact bucket. */
  bucket: z.string().min(1),
  /** Name of the repository that new boards are generated from. */
  template: z.string().min(1),
  github: GithubAccess,
});

export type PinsSettings = z.infer<typeof PinsSettings>;
