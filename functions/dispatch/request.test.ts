import type { LambdaFunctionURLEvent } from "aws-lambda";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDelivery } from "./request.ts";

const headers = {
  "x-github-delivery": "0b3d6f0e-0000-11ee-8000-000000000000",
  "x-github-event": "push",
  "x-hub-signature-256": `sha256=${"0".repeat(64)}`,
};
const payload = { ref: "refs/heads/main", repository: { name: "os-rootfs", full_name: "hypriot/os-rootfs" } };

function event(given: { headers?: Record<string, string>; body?: string; base64?: boolean }) {
  return {
    headers: given.headers ?? headers,
    body: given.body,
    isBase64Encoded: given.base64 ?? false,
  } as LambdaFunctionURLEvent;
}

describe("readDelivery", () => {
  it("reads GitHub's headers and keeps the body as it was sent", () => {
    const body = `${JSON.stringify(payload)} \n`;
    expect(readDelivery(event({ body }))).toEqual({
      id: headers["x-github-delivery"],
      event: "push",
      signature: headers["x-hub-signature-256"],
      rawBody: body,
      json: payload,
      payload: { repository: payload.repository },
    });
  });

  it("reads a body that the function URL encoded", () => {
    const body = JSON.stringify({ ...payload, sender: { login: "bücher" } });
    const encoded = Buffer.from(body).toString("base64");
    expect(readDelivery(event({ body: encoded, base64: true }))).toMatchObject({ rawBody: body });
  });

  it("refuses a body that is larger than a function URL passes on", () => {
    expect(readDelivery(event({ body: " ".repeat(6 * 1024 * 1024 + 1) }))).toEqual({
      status: 413,
      problems: ["body: found 6291457 bytes, expected at most 6291456"],
    });
  });

  it("names every missing and malformed header and what is wrong in the body at once", () => {
    const given = { "x-github-delivery": "a\nb", "x-github-event": "push" };
    expect(readDelivery(event({ headers: given, body: '{"repository":{"name":""}}' }))).toEqual({
      status: 400,
      problems: [
        "x-github-delivery: malformed, expected GitHub's header",
        "x-hub-signature-256: missing, expected GitHub's header",
        "body.repository.name: a GitHub repository name: letters, digits, '.', '-' and '_', at most 100 characters, not ending in .git",
        "body.repository.full_name: a repository as owner/name",
      ],
    });
  });

  it("refuses a body that is no JSON", () => {
    expect(readDelivery(event({ body: "payload=%7B%7D" }))).toEqual({
      status: 400,
      problems: ["body: found no JSON, expected a webhook payload with content type application/json"],
    });
  });

  it("never throws, whatever comes", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.string()),
        fc.oneof(fc.string(), fc.json()),
        fc.boolean(),
        (someHeaders, body, base64) => {
          const read = readDelivery(event({ headers: { ...headers, ...someHeaders }, body, base64 }));
          expect("status" in read ? read.problems.length : read.id.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});
