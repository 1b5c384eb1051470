import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";

/** A small object's text. Throws where it is larger than `maximum` bytes. */
export async function readText(s3: S3Client, bucket: string, key: string, maximum: number): Promise<string> {
  const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const size = object.ContentLength ?? 0;
  if (size > maximum) {
    object.Body?.transformToWebStream().cancel();
    throw new Error(`${key}: found ${size} bytes, expected at most ${maximum}`);
  }
  return (await object.Body?.transformToString("utf8")) ?? "";
}
