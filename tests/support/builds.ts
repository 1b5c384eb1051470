import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { BUILD_CHECK } from "../../contracts/checks.ts";
import { Manifest } from "../../contracts/manifest.ts";
import type { TestStack } from "./test-stack.ts";
import { until } from "./until.ts";

/** The build's check run on a commit, as the REST API shows it; nothing before there is one. */
export async function buildCheck(stack: TestStack, repository: string, commit: string) {
  const { data } = await stack.github.rest.checks.listForRef({
    owner: stack.cloud.github.organization,
    repo: repository,
    ref: commit,
    check_name: BUILD_CHECK,
  });
  return data.check_runs.sort((one, other) => other.id - one.id)[0];
}

/** Waits for a build to end. Resolves with its check run. */
export function finished(stack: TestStack, repository: string, commit: string, seconds = 900) {
  return until(
    `the build of ${repository} ${commit} ends`,
    async () => {
      const check = await buildCheck(stack, repository, commit);
      return check?.status === "completed" ? check : undefined;
    },
    { seconds, every: 1000 },
  );
}

/** Reads and checks the manifest at a build's key. */
export async function readManifest(s3: S3Client, bucket: string, key: string): Promise<Manifest> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `${key}/manifest.json` }));
  return Manifest.parse(JSON.parse((await Body?.transformToString("utf8")) ?? ""));
}

/** Downloads an object to a file. Resolves with its SHA-256. */
export async function download(s3: S3Client, bucket: string, key: string, file: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (!(Body instanceof Readable)) throw new Error(`${key}: found no stream`);
  const hash = createHash("sha256");
  const hashed = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(undefined, chunk);
    },
  });
  await pipeline(Body, hashed, createWriteStream(file));
  return hash.digest("hex");
}
