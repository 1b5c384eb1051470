import { verify } from "@octokit/webhooks-methods";
import { expect, test } from "vitest";
import { isLoopback, post } from "./send.ts";
import { deliveryBody, deliveryHeaders } from "./sender.ts";

test.each([
  ["localhost", true],
  ["abc.lambda-url.us-east-1.localhost", true],
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["[::1]", true],
  ["localhost.example.com", false],
  ["notlocalhost", false],
  ["10.0.0.1", false],
  ["127.0.0.1.example.com", false],
])("%s is on this machine: %s", (name, expected) => {
  expect(isLoopback(name)).toBe(expected);
});

test("nothing is sent elsewhere, and nothing is thrown", async () => {
  expect(await post("http://192.0.2.1/", {}, "{}")).toMatchObject({
    statusCode: 0,
    status: "not on loopback",
  });
  expect(await post("no url", {}, "{}")).toMatchObject({ statusCode: 0, status: "invalid URL" });
});

const hook = (config: object) => ({
  id: 3,
  repo_id: 4,
  org_id: null,
  config: { url: "http://localhost", insecure_ssl: "0", content_type: "json", ...config },
});

test("a delivery is signed over the very bytes that are sent", async () => {
  const signed = hook({ secret: "s3cret" });
  const body = deliveryBody(signed, { a: "ü" });
  const headers = deliveryHeaders(signed, "push", "guid", body);
  expect(await verify("s3cret", body, headers["X-Hub-Signature-256"] ?? "")).toBe(true);
  expect(headers).toMatchObject({
    "Content-Type": "application/json",
    "X-GitHub-Event": "push",
    "X-GitHub-Delivery": "guid",
    "X-GitHub-Hook-ID": "3",
    "X-GitHub-Hook-Installation-Target-ID": "4",
    "X-GitHub-Hook-Installation-Target-Type": "repository",
  });
});

test("without a secret there is no signature; a form has the payload as a field", () => {
  const form = hook({ content_type: "form" });
  const body = deliveryBody(form, { a: 1 });
  expect(new URLSearchParams(body).get("payload")).toBe('{"a":1}');
  const headers = deliveryHeaders(form, "push", "guid", body);
  expect(Object.keys(headers).filter((name) => name.includes("Signature"))).toEqual([]);
  expect(headers["Content-Type"]).toBe("application/x-www-form-urlencoded");
});
