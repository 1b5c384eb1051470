import { S3Client } from "@aws-sdk/client-s3";
import type { SNSEvent } from "aws-lambda";
import {
  DOWNLOADABLES_FILE,
  DOWNLOADS_SETTINGS_VARIABLE,
  Downloadables,
  DownloadsSettings,
} from "../../contracts/downloads.ts";
import { publishedReleaseKeys } from "../lib/published-release.ts";
import { readBeside, readSettings } from "../lib/settings.ts";
import { rebuild } from "./rebuild.ts";
import { DownloadsStore } from "./store.ts";

const settings = readSettings(DOWNLOADS_SETTINGS_VARIABLE, DownloadsSettings);
const run = {
  settings,
  store: new DownloadsStore(new S3Client({}), settings.bucket),
  downloadables: readBeside(import.meta.dirname, DOWNLOADABLES_FILE, Downloadables),
};

/** Makes the downloads anew when a release was published. Lambda delivers a message twice more where this throws. */
export async function handler(event: SNSEvent): Promise<void> {
  if (publishedReleaseKeys(event).length > 0) await rebuild(run);
}
