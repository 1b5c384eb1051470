import { generateKeyPairSync, sign } from "node:crypto";
import { dsse } from "@sigstore/core";
import { describe, expect, it } from "vitest";
import { MANIFEST_VERSION, type Manifest } from "../../contracts/manifest.ts";
import { ProvenanceStatement, STATEMENT_MEDIA_TYPE } from "../../contracts/provenance.ts";
import type { PinnedFile } from "./pins.ts";
import { planRelease } from "./plan.ts";
import { envelopeLine, keyId, preAuthEncoding, provenanceStatement } from "./provenance.ts";
import { verifiedStatement } from "./testing/verified-statement.ts";

const sha256 = (letter: string) => letter.repeat(64);
const COMMIT = "c".repeat(40);

const manifest: Manifest = {
  version: MANIFEST_VERSION,
  repository: "hypriot/image-builder-rpi",
  kind: "image",
  commit: COMMIT,
  trigger: { type: "tag", tag: "v1.0.0" },
  trusted: true,
  architectures: ["arm64"],
  attempt: 2,
  result: "success",
  builder: `sha256:${sha256("b")}`,
  startedAt: "2026-11-24T10:00:00Z",
  finishedAt: "2026-11-24T10:01:00Z",
  phases: [],
  artifacts: [{ path: "logs/hypriotos.img.zst", size: 3, sha256: sha256("a") }],
};

function statementOf(changes: Partial<Manifest> = {}, pins = PINS) {
  const changed = { ...manifest, ...changes };
  return provenanceStatement({
    manifest: changed,
    plan: planRelease(changed, "v1.0.0"),
    pins,
    webUrl: "https://github.com",
    builderId: "https://github.com/hypriot#hypriot-production",
  });
}

const PINS: readonly PinnedFile[] = [
  {
    dependency: "rootfs",
    name: "arm64",
    url: "s3://artifacts/releases/os-rootfs/v1.0.0/rootfs.tar.zst",
    sha256: sha256("d"),
  },
  {
    dependency: "kernel",
    name: "arm64",
    url: "s3://artifacts/releases/kernel/v1.0.0/k.deb",
    sha256: sha256("f"),
  },
  {
    dependency: "rootfs",
    name: "armhf",
    url: "s3://artifacts/releases/os-rootfs/v1.0.0/other.tar.zst",
    sha256: sha256("e"),
  },
];

describe("provenance", () => {
  it("names what was built, of what, by whom and when", () => {
    expect(statementOf()).toEqual({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "logs-hypriotos.img.zst", digest: { sha256: sha256("a") } }],
      predicateType: "https://slsa.dev/provenance/v1",
      predicate: {
        buildDefinition: {
          buildType: "tag:hypriot.com,2026:release-pipeline/build/v1",
          externalParameters: { repository: "hypriot/image-builder-rpi", tag: "v1.0.0" },
          internalParameters: { kind: "image", architectures: ["arm64"] },
          resolvedDependencies: [
            {
              name: "source",
              uri: "git+https://github.com/hypriot/image-builder-rpi@refs/tags/v1.0.0",
              digest: { gitCommit: COMMIT },
            },
            { name: "builder", digest: { sha256: sha256("b") } },
            { name: "rootfs-arm64", uri: PINS[0]?.url, digest: { sha256: sha256("d") } },
            { name: "kernel-arm64", uri: PINS[1]?.url, digest: { sha256: sha256("f") } },
          ],
        },
        runDetails: {
          builder: { id: "https://github.com/hypriot#hypriot-production" },
          metadata: {
            invocationId: "releases/image-builder-rpi/v1.0.0#2",
            startedOn: "2026-11-24T10:00:00Z",
            finishedOn: "2026-11-24T10:01:00Z",
          },
        },
      },
    });
  });

  it("is what the specification asks for, whatever the builder is called and the pin is", () => {
    const pins = [
      { dependency: "rootfs" as const, name: "arm64", url: "files/rootfs.tar.zst", sha256: sha256("d") },
    ];
    const statement = statementOf({ builder: "hypriotos/builder:latest" }, pins);
    expect(ProvenanceStatement.parse(statement)).toEqual(statement);
    expect(statement.predicate.buildDefinition.resolvedDependencies.slice(1)).toEqual([
      { name: "builder", uri: "docker:hypriotos/builder:latest" },
      {
        name: "rootfs-arm64",
        uri: "git+https://github.com/hypriot/image-builder-rpi@refs/tags/v1.0.0#files/rootfs.tar.zst",
        digest: { sha256: sha256("d") },
      },
    ]);
  });
});

describe("the envelope", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = String(publicKey.export({ type: "spki", format: "pem" }));
  const payload = JSON.stringify(statementOf());
  const signature = sign("sha256", preAuthEncoding(STATEMENT_MEDIA_TYPE, payload), privateKey);
  const line = envelopeLine(payload, signature.toString("base64"), keyId(pem));

  it("is encoded as others encode it, in bytes and not in characters", () => {
    for (const text of ["", "ü€", payload]) {
      expect(preAuthEncoding("a/b", text)).toEqual(dsse.preAuthEncoding("a/b", Buffer.from(text)));
    }
  });

  it("is verified by another implementation, unless something is changed", () => {
    expect(verifiedStatement(line, pem)).toEqual(statementOf());
    const envelope = JSON.parse(line);
    const forged = Buffer.from(payload.replace("v1.0.0", "v1.0.1")).toString("base64");
    expect(() => verifiedStatement(JSON.stringify({ ...envelope, payload: forged }), pem)).toThrow(
      "not signed by the key",
    );
  });

  it("is one line", () => {
    expect(line.split("\n")).toEqual([expect.stringMatching(/^\{.*\}$/), ""]);
  });
});
