import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { splitFullName } from "../contracts/git.ts";
import type { BuildContainer } from "./container.ts";
import { BuildFailure } from "./failure.ts";
import { type BucketPin, bucketPins } from "./pins.ts";
import { readObject } from "./store.ts";
import { sendTar } from "./tar.ts";
import type { Build } from "./tools.ts";

const MIB = 1024 * 1024;

/**
 * Puts what `versions.json` pins in the artifact bucket into the container, by its SHA-256. Throws BuildFailure with
 * everything that cannot be had, by its field.
 */
export async function sendPins(
  { tools, job, s3, step }: Build,
  container: Pick<BuildContainer, "put">,
  document: Buffer | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (job.kind !== "image") return;
  const { bucket, github, limits } = tools.settings;
  const { owner: organization } = splitFullName(job.repository);
  const own = { bucket, apiUrl: github.apiUrl, organization };
  const { pins, problems } = bucketPins(document, job.architectures, own);
  const wrong = [...problems];
  for (const pin of problems.length === 0 ? pins : []) {
    const { field, url } = pin;
    const object = await readObject(s3, bucket, pin.key, signal);
    if (object === undefined) {
      if (pin.elsewhere) step("pin left to the builder", { url });
      else wrong.push(`${field}.url: found ${url}, where nothing is, expected an artifact`);
      continue;
    }
    const { size, content } = object;
    if (size > limits.diskMiB * MIB) {
      content.destroy();
      wrong.push(`${field}.url: found ${size} bytes at ${url}, expected at most ${limits.diskMiB} MiB`);
      continue;
    }
    const moving = watched(content, tools.times.pinIdle, signal, field);
    const digest = await sendPin(container, pin, { size, content: moving });
    if (digest === pin.sha256) step("pin sent", { url, bytes: size });
    else wrong.push(`${field}.sha256: found a file with ${digest} at ${url}, expected ${pin.sha256}`);
  }
  if (wrong.length > 0) throw new BuildFailure("repository", "versions.json pins what cannot be had", wrong);
}

/**
 * The content as it comes. Ends with the signal's reason, or with an error where nothing comes for `idleMs`: that is
 * the bucket's fault and not the commit's, and is tried again.
 */
async function* watched(
  content: Readable,
  idleMs: number,
  signal: AbortSignal,
  field: string,
): AsyncGenerator<Uint8Array> {
  const idle = () => content.destroy(new Error(`${field}: nothing came from the bucket for ${idleMs} ms`));
  const stop = () => content.destroy(signal.reason instanceof Error ? signal.reason : new Error("stopped"));
  let timer = setTimeout(idle, idleMs);
  signal.addEventListener("abort", stop);
  try {
    signal.throwIfAborted();
    for await (const chunk of content) {
      clearTimeout(timer);
      yield chunk;
      // Only what the bucket lets wait counts, not what the daemon does.
      timer = setTimeout(idle, idleMs);
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    content.destroy();
  }
}

async function sendPin(
  container: Pick<BuildContainer, "put">,
  { sha256 }: BucketPin,
  { size, content }: { readonly size: number; readonly content: AsyncIterable<Uint8Array> },
): Promise<string> {
  const hash = createHash("sha256");
  async function* hashed() {
    for await (const chunk of content) {
      hash.update(chunk);
      yield chunk;
    }
  }
  await sendTar(
    (tar) =>
      tar.add({ name: `artifacts/${sha256}`, type: "file", mode: 0o644, size, mtime: new Date(0) }, hashed()),
    (tar) => container.put(tar, "/"),
  );
  return hash.digest("hex");
}
