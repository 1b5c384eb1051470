import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { BuildKey, LOG_FILE } from "../../contracts/build-key.ts";
import { type Answer, answer } from "./answer.ts";

export const LOGS_PATH = "/logs/";

/** How long the address of a log is good, in seconds. */
const GOOD_FOR = 300;

export interface LogReader {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly publicLogs: boolean;
}

/** Leads to the log of the build that the path names, where anybody may read logs. Nothing else is served. */
export async function serveLog({ s3, bucket, publicLogs }: LogReader, path: string): Promise<Answer> {
  if (!publicLogs) return answer(404, { problems: ["logs: not public in this pipeline"] });
  const key = BuildKey.safeParse(path.slice(LOGS_PATH.length));
  if (!key.success) return answer(404, { problems: ["logs: no build has this name"] });
  const object = new GetObjectCommand({
    Bucket: bucket,
    Key: `${key.data}/${LOG_FILE}`,
    // A build writes what it likes: a browser shows it as text.
    ResponseContentType: "text/plain; charset=utf-8",
  });
  const location = await getSignedUrl(s3, object, { expiresIn: GOOD_FOR });
  return answer(302, {}, { location, "cache-control": "no-store" });
}
