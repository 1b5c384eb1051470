import { z } from "zod";
import { CommitId, RepositoryFullName, Sha256 } from "./git.ts";
import { ReleaseTag } from "./release-tag.ts";
import { RepositoryKind } from "./repository-kind.ts";

/** What kind of build it was; docs/provenance.md says what its parameters mean. Never resolved, only compared. */
export const BUILD_TYPE = "tag:hypriot.com,2026:release-pipeline/build/v1";

/** in-toto's Statement v1 and SLSA's provenance predicate v1. */
export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
export const PREDICATE_TYPE = "https://slsa.dev/provenance/v1";

/** The payload type of an in-toto statement in a DSSE envelope. */
export const STATEMENT_MEDIA_TYPE = "application/vnd.in-toto+json";

/** in-toto's ResourceDescriptor v1, as far as it is used: it has a URI, a digest or both. */
const Dependency = z
  .strictObject({
    name: z.string().min(1),
    uri: z.string().min(1).optional(),
    digest: z.union([z.strictObject({ sha256: Sha256 }), z.strictObject({ gitCommit: CommitId })]).optional(),
  })
  .refine(({ uri, digest }) => uri !== undefined || digest !== undefined, { error: "a uri or a digest" });

export type Dependency = z.infer<typeof Dependency>;

/** An in-toto statement with SLSA provenance: what a release's artifacts were made of, how, and by whom. */
export const ProvenanceStatement = z
  .strictObject({
    _type: z.literal(STATEMENT_TYPE),
    subject: z
      .array(z.strictObject({ name: z.string().min(1), digest: z.strictObject({ sha256: Sha256 }) }))
      .min(1)
      .meta({ description: "The release's artifacts, by the names of their assets." }),
    predicateType: z.literal(PREDICATE_TYPE),
    predicate: z.strictObject({
      buildDefinition: z.strictObject({
        buildType: z.literal(BUILD_TYPE),
        externalParameters: z.strictObject({
          repository: RepositoryFullName.meta({ description: "owner/name." }),
          tag: ReleaseTag,
        }),
        internalParameters: z.strictObject({
          kind: RepositoryKind,
          architectures: z.array(z.string().min(1)).min(1),
        }),
        resolvedDependencies: z
          .array(Dependency)
          .meta({ description: "The commit, the builder image, and what `versions.json` pins." }),
      }),
      runDetails: z.strictObject({
        builder: z.strictObject({ id: z.url() }),
        metadata: z.strictObject({
          invocationId: z.string().min(1).meta({ description: "`<build key>#<attempt>`." }),
          startedOn: z.iso.datetime(),
          finishedOn: z.iso.datetime(),
        }),
      }),
    }),
  })
  .meta({ description: "The payload of provenance.intoto.jsonl." });

export type ProvenanceStatement = z.infer<typeof ProvenanceStatement>;

/** DSSE: one line of `provenance.intoto.jsonl`. */
export const DsseEnvelope = z.strictObject({
  payloadType: z.string().min(1),
  payload: z.base64(),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.base64() })).min(1),
});

export type DsseEnvelope = z.infer<typeof DsseEnvelope>;
