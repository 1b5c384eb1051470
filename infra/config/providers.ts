import { exactObject } from "../../contracts/object.ts";
import { text } from "./fields.ts";

const URL_PATTERN = /^https?:\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?(\/[A-Za-z0-9._~/-]*)?$/;

export const providersSchema = exactObject({
  aws: exactObject({
    region: text(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, "an AWS region, eu-central-1").meta({
      description: "AWS region of everything.",
    }),
    endpoint: text(URL_PATTERN, "an http or https URL without user, query and fragment")
      .exactOptional()
      .meta({ description: "Where AWS is, if not at Amazon: an emulator. http only on loopback." }),
  }).meta({ description: "AWS." }),
  github: exactObject({
    baseUrl: text(URL_PATTERN, "an http or https URL without user, query and fragment")
      .exactOptional()
      .meta({ description: "GitHub's API, if not api.github.com. http only on loopback." }),
  })
    .prefault({})
    .meta({ description: "GitHub." }),
}).meta({ description: "Where the clouds are. Credentials come from the environment, never from here." });

/**
 * Credentials are sent with every request, so plain http leaves the machine with them.
 * Takes what the schema lets through; a host that is a name must be `localhost` itself.
 */
export function sendsCredentialsInTheOpen(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:") return false;
  return !(hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname));
}
