import { isLoopback } from "../../contracts/loopback.ts";
import { exactObject } from "../../contracts/object.ts";
import { PORT, text } from "./fields.ts";

const URL_PATTERN = new RegExp(
  `^https?://(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)(:${PORT})?(/[A-Za-z0-9._~/-]*)?$`,
);

const URL_EXPECTED = "an http or https URL without user, query and fragment";

const url = text(URL_PATTERN, URL_EXPECTED)
  .refine((value) => URL.canParse(value), { error: URL_EXPECTED, abort: true })
  .refine((value) => new URL(value).protocol === "https:" || isLoopback(value), {
    error: "https: plain http sends credentials in the open, except to 127.0.0.1",
  });

export const providersSchema = exactObject({
  aws: exactObject({
    region: text(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, "an AWS region, eu-central-1").meta({
      description: "AWS region of everything.",
    }),
    endpoint: url
      .exactOptional()
      .meta({ description: "Where AWS is, if not at Amazon: an emulator. http only on loopback." }),
  }).meta({ description: "AWS." }),
  github: exactObject({
    baseUrl: url
      .exactOptional()
      .meta({ description: "GitHub's API, if not api.github.com. http only on loopback." }),
  })
    .prefault({})
    .meta({ description: "GitHub." }),
}).meta({ description: "Where the clouds are. Credentials come from the environment, never from here." });
