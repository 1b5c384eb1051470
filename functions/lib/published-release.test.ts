import type { SNSEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { parsePublishedReleaseKey, publishedReleaseKey } from "../../contracts/published-release.ts";
import { publishedReleaseKeys } from "./published-release.ts";

function notification(...messages: readonly unknown[]): SNSEvent {
  const Records = messages.map((message) => ({ Sns: { Message: JSON.stringify(message) } }));
  return { Records } as SNSEvent;
}

const s3Event = (...keys: readonly string[]) => ({
  Records: keys.map((key) => ({ s3: { object: { key } } })),
});

describe("what a notification of the releases' topic tells of", () => {
  it("are the keys of published releases, each once", () => {
    const one = "releases/image-builder-rpi/v1.0.0-rc.1/release.json";
    const other = "releases/os-rootfs/v2.0.0/release.json";
    expect(publishedReleaseKeys(notification(s3Event(one, other), s3Event(one)))).toEqual([one, other]);
  });

  it("is nothing where S3 tries the topic, or of any other key", () => {
    const test = { Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "artifacts" };
    const others = [
      "builds/a/release.json",
      "releases/a/v1/release.json",
      "releases/a/v1.0.0/x/release.json",
    ];
    expect(publishedReleaseKeys(notification(test, s3Event(...others)))).toEqual([]);
  });

  it("has S3's encoding of keys taken off", () => {
    const key = "releases%2Fimage-builder-rpi%2Fv1.0.0%2Frelease.json";
    expect(publishedReleaseKeys(notification(s3Event(key)))).toEqual([
      "releases/image-builder-rpi/v1.0.0/release.json",
    ]);
  });
});

describe("a document's key", () => {
  it("is read as it is written", () => {
    expect(parsePublishedReleaseKey(publishedReleaseKey("image-builder-rpi", "v1.0.0-rc.1"))).toEqual({
      repository: "image-builder-rpi",
      tag: "v1.0.0-rc.1",
    });
    expect(parsePublishedReleaseKey("releases/a/v1.0.0/releaseXjson")).toBeUndefined();
  });
});
