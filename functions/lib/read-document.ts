import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { z } from "zod";
import { problemLines } from "../../contracts/problems.ts";

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

/**
 * A document of JSON. Throws one error that names everything that is wrong with it, and `key`. `expected` says in words
 * what it should be: `a manifest`.
 */
export function parseDocument<Schema extends z.ZodType>(
  key: string,
  text: string,
  schema: Schema,
  expected: string,
): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${key}: found no JSON, expected ${expected}`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Error(`${key}: ${problemLines(parsed.error).join("; ")}`);
  return parsed.data;
}
