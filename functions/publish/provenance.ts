import { createHash, createPublicKey } from "node:crypto";
import { buildKey } from "../../contracts/build-job.ts";
import { checkRunId } from "../../contracts/build-key.ts";
import type { Manifest } from "../../contracts/manifest.ts";
import { RelativePath } from "../../contracts/names.ts";
import {
  BUILD_TYPE,
  type Dependency,
  type DsseEnvelope,
  PREDICATE_TYPE,
  type ProvenanceStatement,
  STATEMENT_MEDIA_TYPE,
  STATEMENT_TYPE,
} from "../../contracts/provenance.ts";
import type { PinnedFile } from "./pins.ts";
import type { ReleasePlan } from "./plan.ts";

export interface ProvenanceInput {
  readonly manifest: Manifest;
  /** The artifacts alone. */
  readonly plan: ReleasePlan;
  /** What `versions.json` of the commit pins. */
  readonly pins: readonly PinnedFile[];
  /** The address of GitHub's pages. */
  readonly webUrl: string;
  /** Who built: a URI. */
  readonly builderId: string;
}

function builderImage(builder: string): Dependency {
  const [, sha256] = /(?:^|@)sha256:([0-9a-f]{64})$/.exec(builder) ?? [];
  const name = "builder";
  return sha256 === undefined ? { name, uri: `docker:${encodeURI(builder)}` } : { name, digest: { sha256 } };
}

/** What the artifacts were made of, how and by whom. The same build gives the same statement, to the byte. */
export function provenanceStatement(input: ProvenanceInput): ProvenanceStatement {
  const { manifest, plan, pins, webUrl, builderId } = input;
  const { repository, commit, kind, architectures, builder, attempt, startedAt, finishedAt } = manifest;
  const source = `git+${webUrl}/${repository}@refs/tags/${plan.tag}`;
  const used = pins.filter(({ name }) => architectures.some((architecture) => architecture === name));
  return {
    _type: STATEMENT_TYPE,
    subject: plan.assets.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: PREDICATE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: { repository, tag: plan.tag },
        internalParameters: { kind, architectures },
        resolvedDependencies: [
          { name: "source", uri: source, digest: { gitCommit: commit } },
          builderImage(builder),
          ...used.map(({ dependency, name, url, sha256 }) => ({
            name: `${dependency}-${name}`,
            uri: RelativePath.safeParse(url).success ? `${source}#${url}` : url,
            digest: { sha256 },
          })),
        ],
      },
      runDetails: {
        builder: { id: builderId },
        metadata: {
          invocationId: checkRunId(buildKey(manifest), attempt),
          startedOn: startedAt,
          finishedOn: finishedAt,
        },
      },
    },
  };
}

/** What is signed of a payload: DSSE's pre-authentication encoding. */
export function preAuthEncoding(payloadType: string, payload: string): Buffer {
  const part = (text: string) => `${Buffer.byteLength(text)} ${text}`;
  return Buffer.from(`DSSEv1 ${part(payloadType)} ${part(payload)}`);
}

/** By which a verifier finds the key: the SHA-256 of the public key's DER. A hint, never trusted. */
export function keyId(publicKey: string): string {
  const der = createPublicKey(publicKey).export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("hex");
}

/** The signed statement as a line. `signature` is in base64. */
export function envelopeLine(payload: string, signature: string, keyid: string): string {
  const envelope: DsseEnvelope = {
    payloadType: STATEMENT_MEDIA_TYPE,
    payload: Buffer.from(payload).toString("base64"),
    signatures: [{ keyid, sig: signature }],
  };
  return `${JSON.stringify(envelope)}\n`;
}
