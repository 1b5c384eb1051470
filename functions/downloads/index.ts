import { S3Client } from "@aws-sdk/client-s3";
import type { SNSEvent } from "aws-lambda";
import { publishedReleaseKeys } from "../lib/published-release.ts";
import { rebuild } from "./rebuild.ts";
import { readDownloadables, readSettings } from "./settings.ts";
import { DownloadsStore } from "./store.ts";

const settings = readSettings();
const run = {
  settings,
  store: new DownloadsStore(new S3Client({}), settings.bucket),
  downloadables: readDownloadables(import.meta.dirname),
};

/** Makes the downloads anew when a release was published. Lambda delivers a message twice more where this throws. */
export async function handler(event: SNSEvent): Promise<void> {
  if (publishedReleaseKeys(event).length > 0) await rebuild(run);
}
