import { PutObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { readText } from "../lib/read-text.ts";

/** What lies under a key: its content and the ETag that it is known by. */
export interface Stored {
  readonly etag: string;
  readonly text: string;
}

/** Another run has written meanwhile: what is to be written must be made anew. */
export class Overtaken extends Error {
  constructor(key: string) {
    super(`${key}: another run has written it`);
    this.name = "Overtaken";
  }
}

const MAX_BYTES = 16 * 1024 * 1024;

/** `PreconditionFailed` where it is another by now, `ConditionalRequestConflict` where another is being written. */
const OVERTAKEN = ["PreconditionFailed", "ConditionalRequestConflict"];

/** The part of the artifact bucket that is read and written. */
export class DownloadsStore {
  readonly s3: S3Client;
  readonly bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  /** All keys with a prefix, with their ETags. */
  async list(prefix: string): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    const pages = paginateListObjectsV2({ client: this.s3 }, { Bucket: this.bucket, Prefix: prefix });
    for await (const { Contents = [] } of pages) {
      for (const { Key, ETag } of Contents) if (Key && ETag) found.set(Key, ETag);
    }
    return found;
  }

  async read(key: string, etag: string): Promise<Stored> {
    return { etag, text: await readText(this.s3, this.bucket, key, MAX_BYTES) };
  }

  /** Writes where there is still what was read, nothing if `before` is undefined. Throws `Overtaken` otherwise. */
  async write(key: string, text: string, before: Stored | undefined): Promise<void> {
    try {
      await this.s3.send(
        new PutObjectCommand({
          Bucket: this.bucket,
          Key: key,
          Body: text,
          ContentType: "application/json",
          // Whoever asks again soon sees a new release soon.
          CacheControl: "max-age=60",
          ...(before === undefined ? { IfNoneMatch: "*" } : { IfMatch: before.etag }),
        }),
      );
    } catch (error) {
      if (error instanceof Error && OVERTAKEN.includes(error.name)) throw new Overtaken(key);
      throw error;
    }
  }
}
