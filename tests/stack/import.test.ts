import { CreateBucketCommand, DeleteBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestStack } from "../support/test-stack.ts";

const OWNER = "hypriot";

let stack: TestStack;
let s3: S3Client;

beforeAll(async () => {
  stack = await TestStack.create("import");
  await stack.run("up");
  s3 = new S3Client({ ...stack.aws, forcePathStyle: true });
}, 600_000);
afterAll(() => stack.remove(), 300_000);

describe("import", () => {
  /** Imports one resource that somebody else made and gives it as it is in state; then state forgets it. */
  async function imported(type: string, id: string) {
    const [name] = type.split(":");
    const provider = (await stack.resources()).find(
      ({ type: found }) => found === `pulumi:providers:${name}`,
    );
    await stack.run(
      "pulumi",
      ...["import", type, "stranger", id, "--provider", `${name}=${provider?.urn}`],
      ...["--yes", "--skip-preview", "--protect=false", "--non-interactive"],
    );
    const found = (await stack.resources()).find(({ urn }) => urn.endsWith("::stranger"));
    await stack.run("pulumi", "state", "delete", found?.urn ?? "", "--yes", "--non-interactive");
    return found?.inputs;
  }

  it("takes up a bucket", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "made-by-hand" }));
    expect(await imported("aws:s3/bucket:Bucket", "made-by-hand")).toMatchObject({ bucket: "made-by-hand" });
    await s3.send(new DeleteBucketCommand({ Bucket: "made-by-hand" }));
  });

  it("takes up a repository and its webhook", async () => {
    const repository = { owner: OWNER, repo: "made-by-hand" };
    await stack.github.rest.repos.createInOrg({ org: OWNER, name: repository.repo, description: "By hand" });
    const { data: hook } = await stack.github.rest.repos.createWebhook({
      ...repository,
      events: ["push"],
      config: { url: "http://127.0.0.1:9/", content_type: "json" },
    });
    expect(await imported("github:index/repository:Repository", repository.repo)).toMatchObject({
      name: "made-by-hand",
      description: "By hand",
    });
    expect(
      await imported("github:index/repositoryWebhook:RepositoryWebhook", `${repository.repo}/${hook.id}`),
    ).toMatchObject({ repository: "made-by-hand", events: ["push"] });
    await stack.github.rest.repos.delete(repository);
  });
});
