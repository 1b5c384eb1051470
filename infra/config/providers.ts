import { exactObject } from "../../contracts/object.ts";
import { PORT, text } from "./fields.ts";

const URL_PATTERN = new RegExp(
  `^https?://(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)(:${PORT})?(/[A-Za-z0-9._~/-]*)?$`,
);

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

/** Whether a URL names this very machine. The URL must parse. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

/** Credentials go out with every request, so plain http gives them away on every network but the machine's own. */
export function sendsCredentialsInTheOpen(url: string): boolean {
  return new URL(url).protocol !== "https:" && !isLoopback(url);
}
