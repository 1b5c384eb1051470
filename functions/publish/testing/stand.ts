import { execFile } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CreateKeyCommand, GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { DeleteCommand, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "vitest";
import { RELEASE_CHECK } from "../../../contracts/checks.ts";
import type { Manifest } from "../../../contracts/manifest.ts";
import type { PublishSettings } from "../../../contracts/publish-settings.ts";
import { type PublishedRelease, publishedReleaseKey } from "../../../contracts/published-release.ts";
import { RELEASES_KEY, ReleaseRecord } from "../../../contracts/release-record.ts";
import { SIGNING_KEY_SPEC, type SigningKey } from "../../../contracts/signature.ts";
import { leaveTagBuild, sha256 } from "../../../tests/support/tag-build.ts";
import { readPublishedRelease } from "../../lib/published-release.ts";
import { BUCKET, Clouds, OWNER } from "../../testing/clouds.ts";
import { makePublisher } from "../parts.ts";
import { type Publisher, publishRelease } from "../publish.ts";
import { FaultyGithub } from "./faulty-github.ts";
import { verifiedStatement } from "./verified-statement.ts";

/** A key that signs, and its public half. */
async function signingKey(client: Clouds["client"]): Promise<SigningKey> {
  const kms = new KMSClient(client);
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({ KeySpec: SIGNING_KEY_SPEC, KeyUsage: "SIGN_VERIFY" }),
  );
  const arn = KeyMetadata?.Arn ?? "";
  const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId: arn }));
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
  return { arn, publicKey: String(key.export({ format: "pem", type: "spki" })) };
}

/** The real publisher between a real local AWS and a real local GitHub, behind a proxy that fails when it is told. */
export class Stand extends Clouds {
  private constructor(
    { github, aws }: Clouds,
    readonly proxy: FaultyGithub,
    readonly settings: PublishSettings,
  ) {
    super(github, aws);
  }

  static override async start(): Promise<Stand> {
    const clouds = await Clouds.start();
    await clouds.table("releases", RELEASES_KEY);
    const proxy = await FaultyGithub.start(clouds.github.description.baseUrl);
    return new Stand(clouds, proxy, {
      organization: OWNER,
      releasesTable: "releases",
      bucket: BUCKET,
      builderId: "https://github.example/hypriot#hypriot-test",
      github: clouds.access(proxy.url),
      signingKey: await signingKey(clouds.client),
    });
  }

  override async stop(): Promise<void> {
    this.proxy.stop();
    await super.stop();
  }

  /** With pauses that a test can bear. */
  publisher(changes: Partial<Publisher> = {}): Publisher {
    return {
      ...makePublisher(this.settings, this.client),
      patience: { idleMs: 2_000, failures: 4, firstPauseMs: 1 },
      leaseTimes: { lastsMs: 10_000, renewMs: 200, pollMs: 20 },
      ...changes,
    };
  }

  /** What the handler does with the event of a manifest. */
  publish(key: string, changes: Partial<Publisher> = {}, remainingMs = 60_000): Promise<void> {
    return publishRelease(this.publisher(changes), key, remainingMs);
  }

  repository(repo: string): Promise<string> {
    return this.newRepository(repo);
  }

  /** A commit that changes a file; resolves with its id. */
  async commit(repo: string, path: string, content: string, message: string): Promise<string> {
    const { data } = await this.octokit.rest.repos.createOrUpdateFileContents({
      owner: OWNER,
      repo,
      path,
      message,
      content: Buffer.from(content).toString("base64"),
    });
    return data.commit.sha ?? "";
  }

  async tag(repo: string, tag: string, sha: string): Promise<void> {
    await this.octokit.rest.git.createRef({ owner: OWNER, repo, ref: `refs/tags/${tag}`, sha });
  }

  async deleteTag(repo: string, tag: string): Promise<void> {
    await this.octokit.rest.git.deleteRef({ owner: OWNER, repo, ref: `tags/${tag}` });
  }

  /** Puts what a tag's build left into the bucket, as a runner does; resolves with the manifest's key. */
  async build(
    repo: string,
    tag: string,
    commit: string,
    files: Readonly<Record<string, string | Buffer>>,
    changes: Partial<Manifest> = {},
  ): Promise<string> {
    const repository = `${OWNER}/${repo}`;
    return await leaveTagBuild(this.s3, BUCKET, { repository, tag, commit, files, changes });
  }

  /** A tag on the head with a build of it. */
  async tagged(repo: string, tag: string, files: Readonly<Record<string, string | Buffer>>): Promise<string> {
    const commit = await this.head(repo);
    await this.tag(repo, tag, commit);
    return this.build(repo, tag, commit, files);
  }

  async record(repo: string, tag: string): Promise<ReleaseRecord> {
    const { Item } = await this.documents.send(
      new GetCommand({
        TableName: "releases",
        Key: { [RELEASES_KEY]: `${repo}/${tag}` },
        ConsistentRead: true,
      }),
    );
    return ReleaseRecord.parse(Item);
  }

  /** What was announced of a release; undefined where nothing was. */
  async announced(repo: string, tag: string): Promise<PublishedRelease | undefined> {
    const Key = publishedReleaseKey(repo, tag);
    const { Contents } = await this.s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: Key }));
    if (Contents === undefined) return undefined;
    return readPublishedRelease(this.s3, BUCKET, Key);
  }

  async forget(repo: string, tag: string): Promise<void> {
    const Key = { [RELEASES_KEY]: `${repo}/${tag}` };
    await this.documents.send(new DeleteCommand({ TableName: "releases", Key }));
  }

  async putRecord(record: ReleaseRecord): Promise<void> {
    await this.documents.send(new PutCommand({ TableName: "releases", Item: record }));
  }

  /** Releases of a tag with their assets, drafts too: the maintainer's view. */
  async releases(repo: string, tag: string) {
    const { data } = await this.octokit.rest.repos.listReleases({ owner: OWNER, repo });
    return data.filter((release) => release.tag_name === tag);
  }

  async latest(repo: string): Promise<string> {
    return (await this.octokit.rest.repos.getLatestRelease({ owner: OWNER, repo })).data.tag_name;
  }

  /**
   * Downloads everything of the one release of a tag, as anybody may: name → content. Signatures and provenance must be
   * there and true, and are left out.
   */
  async download(repo: string, tag: string): Promise<Record<string, string>> {
    const files = await this.downloadAll(repo, tag);
    const { "SHA256SUMS.sig": signature, "provenance.intoto.jsonl": provenance, ...others } = files;
    await this.#opensslVerifies(others.SHA256SUMS, signature);
    const { subject } = verifiedStatement(String(provenance), this.settings.signingKey.publicKey);
    const { SHA256SUMS: sums, ...artifacts } = others;
    expect(Object.fromEntries(subject.map(({ name, digest }) => [name, digest.sha256]))).toEqual(
      Object.fromEntries(Object.entries(artifacts).map(([name, content]) => [name, sha256(content)])),
    );
    const line = `${sha256(provenance ?? "")}  provenance.intoto.jsonl\n`;
    expect(String(sums)).toContain(line);
    const texts = Object.entries({ ...others, SHA256SUMS: String(sums).replace(line, "") });
    return Object.fromEntries(texts.map(([name, content]) => [name, String(content)]));
  }

  async downloadAll(repo: string, tag: string): Promise<Record<string, Buffer>> {
    const { data } = await this.github.anonymous().rest.repos.getReleaseByTag({ owner: OWNER, repo, tag });
    const contents = data.assets.map(async ({ name, browser_download_url }) => [
      name,
      Buffer.from(await (await fetch(browser_download_url)).arrayBuffer()),
    ]);
    return Object.fromEntries(await Promise.all(contents));
  }

  /** With the command that the release's notes tell. */
  async #opensslVerifies(sums: Buffer | undefined, signature: Buffer | undefined): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "release-"));
    writeFileSync(join(folder, "SHA256SUMS"), sums ?? "");
    writeFileSync(join(folder, "SHA256SUMS.sig"), signature ?? "");
    writeFileSync(join(folder, "release-key.pem"), this.settings.signingKey.publicKey);
    const args = "dgst -sha256 -verify release-key.pem -signature SHA256SUMS.sig SHA256SUMS".split(" ");
    await promisify(execFile)("openssl", args, { cwd: folder });
    rmSync(folder, { recursive: true });
  }

  /** The release's check runs on a commit, the oldest first. */
  async checkRuns(repo: string, ref: string) {
    const { data } = await this.octokit.rest.checks.listForRef({
      owner: OWNER,
      repo,
      ref,
      check_name: RELEASE_CHECK,
      filter: "all",
    });
    return [...data.check_runs]
      .sort((a, b) => a.id - b.id)
      .map(({ status, conclusion, external_id, output }) => ({ status, conclusion, external_id, output }));
  }
}
