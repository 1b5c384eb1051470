import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { splitFullName } from "../../contracts/git.ts";
import { MANIFEST_MAX_BYTES, Manifest } from "../../contracts/manifest.ts";
import { problemLines } from "../../contracts/problems.ts";
import { type EventTable, recordOnce } from "../lib/event-table.ts";
import { logger } from "../lib/logger.ts";
import { parseReleaseKey } from "./release-key.ts";

export interface Publisher {
  readonly s3: S3Client;
  readonly releases: EventTable;
  readonly now: () => Date;
}

/** Where the event says that a manifest arrived. `key` is form-encoded as in S3's events. */
export interface Arrival {
  readonly bucket: string;
  readonly key: string;
}

async function readManifest(s3: S3Client, bucket: string, key: string): Promise<Manifest> {
  const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const size = object.ContentLength ?? 0;
  if (size > MANIFEST_MAX_BYTES) {
    throw new Error(`${key}: found ${size} bytes, expected a manifest of at most ${MANIFEST_MAX_BYTES}`);
  }
  const text = (await object.Body?.transformToString("utf8")) ?? "";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${key}: found no JSON, expected a manifest`);
  }
  const parsed = Manifest.safeParse(value);
  if (!parsed.success) throw new Error(`${key}: ${problemLines(parsed.error).join("; ")}`);
  return parsed.data;
}

/**
 * Verifies a release's manifest and records the release once.
 * Throws for one that does not parse or contradicts its place: the event is retried and then kept as a dead letter.
 */
export async function recordRelease(publisher: Publisher, arrival: Arrival): Promise<void> {
  const place = parseReleaseKey(arrival.key);
  if (place === undefined) {
    logger.info("object ignored", { key: arrival.key });
    return;
  }
  const manifest = await readManifest(publisher.s3, arrival.bucket, place.key);
  const { repo } = splitFullName(manifest.repository);
  const tag = manifest.trigger.type === "tag" ? manifest.trigger.tag : undefined;
  if (repo !== place.repository || tag !== place.tag) {
    const found = `${repo} ${tag ?? "without a tag"}`;
    throw new Error(
      `${place.key}: repository, tag: found ${found}, expected ${place.repository} ${place.tag}`,
    );
  }
  if (manifest.result !== "success") {
    logger.info("no release of a failed build", { repository: manifest.repository, tag });
    return;
  }
  const isNew = await recordOnce(
    publisher.releases,
    `${place.repository}/${place.tag}`,
    {
      repository: manifest.repository,
      tag: place.tag,
      commit: manifest.commit,
      artifacts: String(manifest.artifacts.length),
    },
    publisher.now(),
  );
  logger.info(isNew ? "release recorded" : "release seen before", {
    repository: manifest.repository,
    tag: place.tag,
  });
}
