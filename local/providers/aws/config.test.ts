import { expect, test } from "vitest";
import { connect } from "../testing/client.ts";
import { awsConfig, checkEndpoints } from "./config.ts";
import { awsProvider } from "./provider.ts";

const base = {
  region: "us-east-1",
  endpoints: [{ s3: "http://127.0.0.1:4566" }, { logs: "http://localhost:1" }],
};
const environment = {
  AWS_ACCESS_KEY_ID: "AKIA",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_SESSION_TOKEN: "token",
};

test("credentials come from the environment, unless the configuration has them", () => {
  expect(awsConfig(base, environment)).toEqual({
    region: "us-east-1",
    credentials: { accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken: "token" },
    endpoints: new Map([
      ["s3", "http://127.0.0.1:4566"],
      ["cloudwatchlogs", "http://localhost:1"],
    ]),
    s3UsePathStyle: false,
    maxRetries: 3,
  });
  const own = awsConfig({ ...base, accessKey: "mine", secretKey: "too" }, environment);
  expect(own.credentials).toEqual({ accessKeyId: "mine", secretAccessKey: "too" });
});

test.each([
  [{}, {}, "no AWS region: give the provider `region`"],
  [base, {}, "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"],
])("what is missing is one sentence", (config, env, sentence) => {
  expect(() => awsConfig(config, env)).toThrow(sentence);
});

test("a provider without credentials says so, and says no more", async () => {
  const client = await connect(awsProvider("7.48.0", {}), base);
  await expect(client.configure()).rejects.toMatchObject({
    details: "configure aws: no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  });
  expect(
    await client.checkConfig({ ...base, profile: "me", endpoints: [{ s3: "https://s3.amazonaws.com" }] }),
  ).toEqual([
    {
      property: "profile",
      reason: expect.stringMatching(/^unknown config key "profile"; the local provider knows region, /),
    },
  ]);
  client.close();
});

test("an endpoint that is not on this machine is refused, for every service at once", () => {
  expect(
    checkEndpoints({ endpoints: [{ s3: "https://s3.amazonaws.com", sqs: 1 }, { s33: "http://127.0.0.1" }] }),
  ).toEqual([
    { property: "endpoints.s3", reason: 'found "https://s3.amazonaws.com", expected a URL on this machine' },
    { property: "endpoints.sqs", reason: "found 1, expected a URL on this machine" },
    {
      property: "endpoints.s33",
      reason: expect.stringMatching(/^unknown service; the local provider knows cloudwatch, /),
    },
  ]);
  expect(() =>
    awsConfig({ ...base, endpoints: [{ s3: "http://127.0.0.1.example.test" }] }, environment),
  ).toThrow("expected a URL on this machine");
});
