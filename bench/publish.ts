/**
 * Publishing one large file, on the local AWS and the local GitHub: peak memory of the function's process, as it is
 * bundled for Lambda, and its time against a plain copy (`curl | curl`) of the same bytes between the same two servers
 * in the same run. Budgets: memory does not grow with the file; at most 1.2 times as long.
 */

import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { Readable } from "node:stream";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { FileAsset } from "@pulumi/pulumi/asset/asset.js";
import type { Manifest } from "../contracts/manifest.ts";
import { PUBLISH_SETTINGS_VARIABLE } from "../contracts/publish-settings.ts";
import { Stand } from "../functions/publish/testing/stand.ts";
import { functionCode } from "../infra/build-contexts.ts";
import { type Measured, measure, median, seconds } from "./lib/measure.ts";

/** The largest that GitHub takes: 2 GiB without a byte. */
const SIZE = Number(process.env.BENCH_BYTES ?? 2 ** 31 - 1);
const SMALL = 16 * 1024 * 1024;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const CHUNK = 1024 * 1024;
const OWNER = "hypriot";
const REPO = "board";
const Bucket = "artifacts";
const root = process.cwd();

const stand = await Stand.start();
try {
  const commit = await stand.repository(REPO);
  const { baseUrl, token } = stand.github.description;
  const settings = { ...stand.settings, github: { ...stand.settings.github, apiUrl: baseUrl } };
  const code = functionCode(root, "publish");
  const asset = (await code.assets)["index.mjs"];
  if (!(asset instanceof FileAsset)) throw new Error("the function's bundle is no file");
  const bundle = join(root, await asset.path);
  const { accessKeyId, secretAccessKey } = stand.aws.credentials;
  const env = {
    PATH: process.env.PATH,
    [PUBLISH_SETTINGS_VARIABLE]: JSON.stringify(settings),
    AWS_ENDPOINT_URL: stand.aws.endpoint,
    AWS_REGION: stand.aws.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_LAMBDA_FUNCTION_NAME: "publish",
    NO_PROXY: "127.0.0.1",
  };

  /** A tag whose build left one file of random bytes; resolves with its key and the manifest's. */
  const build = async (tag: string, size: number) => {
    await stand.tag(REPO, tag, commit);
    const image = `releases/${REPO}/${tag}/image`;
    const hash = createHash("sha256");
    const chunk = randomBytes(CHUNK);
    function* content() {
      for (let left = size, number = 0; left > 0; left -= CHUNK, number += 1) {
        chunk.writeUInt32BE(number);
        const part = Buffer.from(chunk.subarray(0, Math.min(CHUNK, left)));
        hash.update(part);
        yield part;
      }
    }
    const Body = Readable.from(content());
    const params = { Bucket, Key: image, Body };
    await new Upload({ client: stand.s3, params, partSize: 64 * CHUNK, queueSize: 1 }).done();
    const artifacts: Manifest["artifacts"] = [{ path: "image", size, sha256: hash.digest("hex") }];
    return { image, manifest: await stand.build(REPO, tag, commit, {}, { artifacts }) };
  };
  const publish = (key: string): Promise<Measured> => {
    const event = { Records: [{ s3: { bucket: { name: Bucket }, object: { key } } }] };
    const program = join(root, "bench/lib/run-handler.mjs");
    return measure(process.execPath, [program, bundle, JSON.stringify(event), "900"], { cwd: root, env });
  };
  /** Into a draft of its own. */
  const copy = async (key: string, tag: string): Promise<Measured> => {
    const from = await getSignedUrl(stand.s3, new GetObjectCommand({ Bucket, Key: key }));
    const { data: draft } = await stand.octokit.rest.repos.createRelease({
      owner: OWNER,
      repo: REPO,
      tag_name: tag,
      draft: true,
    });
    const to = `${baseUrl}/repos/${OWNER}/${REPO}/releases/${draft.id}/assets?name=image`;
    const post = `curl -sSf --noproxy '*' -X POST -T - -H 'Authorization: token ${token}' '${to}'`;
    const pipe = `set -o pipefail; curl -sSf --noproxy '*' '${from}' | ${post}`;
    const measured = await measure("bash", ["-c", pipe], { cwd: root, env });
    await stand.octokit.rest.repos.deleteRelease({ owner: OWNER, repo: REPO, release_id: draft.id });
    return measured;
  };
  /** What was published makes room for the next; the tag stays. */
  const discard = async (tag: string) => {
    for (const release of await stand.releases(REPO, tag)) {
      await stand.octokit.rest.repos.deleteRelease({ owner: OWNER, repo: REPO, release_id: release.id });
    }
  };

  const small = await build("v0.1.0", SMALL);
  const { peakMiB: smallMiB } = await publish(small.manifest);
  const first = await build("v1.0.0", SIZE);
  const { Body } = await stand.s3.send(new GetObjectCommand({ Bucket, Key: first.manifest }));
  const manifest: Manifest = JSON.parse((await Body?.transformToString()) ?? "");
  const copies: number[] = [];
  const publishings: Measured[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    copies.push((await copy(first.image, `copy-${round}`)).seconds);
    // The same bytes under the next tag would be another object to make: the record is forgotten instead.
    await stand.forget(REPO, "v1.0.0");
    const measured = await publish(first.manifest);
    const [release] = await stand.releases(REPO, "v1.0.0");
    const whole = release?.assets.find(({ name }) => name === "image");
    if (release?.draft !== false || whole?.digest !== `sha256:${manifest.artifacts[0]?.sha256}`)
      throw new Error("the release is not whole");
    await discard("v1.0.0");
    publishings.push(measured);
    console.log(
      `round ${round}: plain copy ${seconds(copies.at(-1) ?? 0)}, publish ${seconds(measured.seconds)}`,
    );
  }
  const plain = median(copies);
  const published = median(publishings.map((measured) => measured.seconds));
  const peak = Math.max(...publishings.map(({ peakMiB }) => peakMiB));
  const MiB = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  console.log(`plain copy of ${MiB(SIZE)}: median ${seconds(plain)}`);
  console.log(`publish: median ${seconds(published)}, ratio ${(published / plain).toFixed(2)}`);
  console.log(
    `peak memory of the function: ${peak.toFixed(0)} MiB with ${MiB(SIZE)}, ${smallMiB.toFixed(0)} MiB with ${MiB(SMALL)}`,
  );
} finally {
  await stand.stop();
}
