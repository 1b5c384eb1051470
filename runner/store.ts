import { createHash } from "node:crypto";
import { Readable, Transform } from "node:stream";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { MANIFEST_FILE, MANIFEST_MAX_BYTES, Manifest } from "../contracts/manifest.ts";
import { TEST_REPORT_MAX_BYTES, TestReport } from "../contracts/test-report.ts";

/** A name beside the artifacts that a build's own files must not have. */
export const TEST_REPORT_FILE = "test-report.json";

/** What is in memory of one upload: two of these. At most 10,000 parts make 80 GB. */
const PART_BYTES = 8 * 1024 * 1024;

const JSON_TYPE = "application/json";
const TYPES: Readonly<Record<string, string>> = {
  json: JSON_TYPE,
  txt: "text/plain; charset=utf-8",
  sha256: "text/plain; charset=utf-8",
  packages: "text/plain; charset=utf-8",
  xml: "application/xml",
  bmap: "application/xml",
  zst: "application/zstd",
};

function contentType(name: string): string {
  return TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
}

export interface StoredManifest {
  readonly manifest: Manifest;
  readonly etag: string;
}

/** Size and digest of what was written. */
export interface Stored {
  readonly size: number;
  readonly sha256: string;
}

/** One build's prefix in the artifact bucket. */
export class BuildStore {
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  /** `key` is the build's. */
  constructor(s3: S3Client, bucket: string, key: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#prefix = `${key}/`;
  }

  async put(name: string, body: Buffer): Promise<Stored> {
    await this.#s3.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: this.#prefix + name,
        Body: body,
        ContentType: contentType(name),
        ChecksumAlgorithm: "SHA256",
      }),
    );
    return { size: body.length, sha256: createHash("sha256").update(body).digest("hex") };
  }

  /** In parts, each with its checksum: a part that S3 got wrong is an error, and constant memory is enough. */
  async upload(name: string, content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Stored> {
    const hash = createHash("sha256");
    let size = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        size += chunk.length;
        done(null, chunk);
      },
    });
    const source = Readable.from(content);
    source.once("error", (error) => counted.destroy(error));
    source.pipe(counted);
    const upload = new Upload({
      client: this.#s3,
      params: {
        Bucket: this.#bucket,
        Key: this.#prefix + name,
        Body: counted,
        ContentType: contentType(name),
        ChecksumAlgorithm: "SHA256",
      },
      queueSize: 1,
      partSize: PART_BYTES,
    });
    const abort = () => void upload.abort();
    signal.addEventListener("abort", abort);
    try {
      signal.throwIfAborted();
      await upload.done();
    } finally {
      signal.removeEventListener("abort", abort);
    }
    return { size, sha256: hash.digest("hex") };
  }

  /** How the build ended, if it did. A manifest that cannot be read is an error: nobody but a runner writes one. */
  async manifest(): Promise<StoredManifest | undefined> {
    const found = await this.#read(MANIFEST_FILE, MANIFEST_MAX_BYTES);
    return found === undefined
      ? undefined
      : { manifest: Manifest.parse(JSON.parse(found.text)), etag: found.etag };
  }

  async report(): Promise<TestReport | undefined> {
    const found = await this.#read(TEST_REPORT_FILE, TEST_REPORT_MAX_BYTES);
    return found === undefined ? undefined : TestReport.parse(JSON.parse(found.text));
  }

  /** Writes the manifest unless there is another one than `replaces`. Resolves with whether it did. */
  async commit(manifest: Manifest, replaces: string | undefined): Promise<boolean> {
    try {
      await this.#s3.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: this.#prefix + MANIFEST_FILE,
          Body: `${JSON.stringify(Manifest.parse(manifest), undefined, 2)}\n`,
          ContentType: JSON_TYPE,
          ChecksumAlgorithm: "SHA256",
          ...(replaces === undefined ? { IfNoneMatch: "*" } : { IfMatch: replaces }),
        }),
      );
      return true;
    } catch (error) {
      if (statusOf(error) === 412) return false;
      throw error;
    }
  }

  /** Looks first whether it is there: who may not list the whole bucket is refused, not told, what is missing. */
  async #read(name: string, maximum: number): Promise<{ text: string; etag: string } | undefined> {
    const Key = this.#prefix + name;
    const { Contents = [] } = await this.#s3.send(
      new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: Key, MaxKeys: 1 }),
    );
    if (Contents[0]?.Key !== Key) return undefined;
    const {
      Body,
      ETag,
      ContentLength = 0,
    } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key }));
    if (Body === undefined || ETag === undefined || ContentLength > maximum) {
      throw new Error(`${Key}: found ${ContentLength} bytes, expected at most ${maximum}`);
    }
    return { text: await Body.transformToString(), etag: ETag };
  }
}

export interface StoredObject {
  readonly size: number;
  readonly content: Readable;
}

/** An object of the bucket as a stream; undefined when it is not there or may not be read. */
export async function readObject(
  s3: S3Client,
  bucket: string,
  key: string,
  signal: AbortSignal,
): Promise<StoredObject | undefined> {
  try {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key });
    const { Body, ContentLength } = await s3.send(command, { abortSignal: signal });
    if (!(Body instanceof Readable) || ContentLength === undefined) throw new Error(`${key}: no content`);
    return { size: ContentLength, content: Body };
  } catch (error) {
    if ([403, 404].includes(statusOf(error) ?? 0)) return undefined;
    throw error;
  }
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return undefined;
  const { $metadata } = error;
  return typeof $metadata === "object" &&
    $metadata !== null &&
    "httpStatusCode" in $metadata &&
    typeof $metadata.httpStatusCode === "number"
    ? $metadata.httpStatusCode
    : undefined;
}
