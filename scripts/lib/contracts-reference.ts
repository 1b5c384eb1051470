import { z } from "zod";
import { BoardDocument } from "../../contracts/board.ts";
import { BuildJob } from "../../contracts/build-job.ts";
import { BuildRecord } from "../../contracts/build-record.ts";
import { RootfsVersionsDocument } from "../../contracts/docker.ts";
import { DownloadsIndex } from "../../contracts/downloads.ts";
import { KernelDocument } from "../../contracts/kernel.ts";
import { Manifest } from "../../contracts/manifest.ts";
import { ProvenanceStatement } from "../../contracts/provenance.ts";
import { PublishedRelease } from "../../contracts/published-release.ts";
import { ReleaseRecord } from "../../contracts/release-record.ts";
import { RootfsDocument } from "../../contracts/rootfs.ts";
import { TestReport } from "../../contracts/test-report.ts";
import { VersionsDocument } from "../../contracts/versions.ts";
import type { JsonSchema } from "../../infra/config/json-schema.ts";
import { settingsTable } from "../../infra/config/reference.ts";

interface Contract {
  readonly title: string;
  readonly file: string;
  readonly between: string;
  readonly schema: z.ZodType;
}

const CONTRACTS: readonly Contract[] = [
  {
    title: "Build job",
    file: "build-job.ts",
    between: "A message in a build queue: dispatch writes it, a runner reads it.",
    schema: BuildJob,
  },
  {
    title: "Build record",
    file: "build-record.ts",
    between:
      "A row of the builds table: dispatch makes it, the runner moves it on, `npm run status` shows it.",
    schema: BuildRecord,
  },
  {
    title: "Manifest",
    file: "manifest.ts",
    between: "`manifest.json` in the artifact bucket: the runner writes it last, the publisher reads it.",
    schema: Manifest,
  },
  {
    title: "Release record",
    file: "release-record.ts",
    between: "A row of the releases table: publish makes it and goes on from it.",
    schema: ReleaseRecord,
  },
  {
    title: "Published release",
    file: "published-release.ts",
    between:
      "`release.json` beside the manifest of a tag's build: publish writes it, downloads and pins read it.",
    schema: PublishedRelease,
  },
  {
    title: "Downloads index",
    file: "downloads.ts",
    between: "`downloads/index.json` in the artifact bucket: downloads writes it, scripts read it.",
    schema: DownloadsIndex,
  },
  {
    title: "Provenance",
    file: "provenance.ts",
    between:
      "The payload of a release's `provenance.intoto.jsonl`: publish signs it, anybody reads it (provenance.md).",
    schema: ProvenanceStatement,
  },
  {
    title: "Test report",
    file: "test-report.ts",
    between: "`test-report.json` beside the manifest: every example of the Serverspec suite.",
    schema: TestReport,
  },
  {
    title: "board.json",
    file: "board.ts",
    between: "In an image repository: the program writes it from the stack's config, the builder reads it.",
    schema: BoardDocument,
  },
  {
    title: "versions.json",
    file: "versions.ts",
    between: "In an image repository: people and the pipeline write it, runner and builder read it.",
    schema: VersionsDocument,
  },
  {
    title: "rootfs.json",
    file: "rootfs.ts",
    between: "In the rootfs repository: the program writes it, the builder reads it.",
    schema: RootfsDocument,
  },
  {
    title: "kernel.json",
    file: "kernel.ts",
    between: "In a kernel repository: the program writes it from the stack's config, the builder reads it.",
    schema: KernelDocument,
  },
  {
    title: "versions.json of the rootfs repository",
    file: "docker.ts",
    between: "In the rootfs repository, may be missing: people write it, the builder reads it.",
    schema: RootfsVersionsDocument,
  },
];

const HEADING = `# Contracts

<!-- Made by \`npm run schema\` from contracts/. Changes here are lost. -->

What the parts of the pipeline say to each other. Each is a zod schema in \`contracts/\`, which writer and reader share;
\`version\` goes up when an older reader would misread a newer message. What does not parse is refused with every reason:
a job goes to the dead-letter queue, a file in a repository ends its build with an error on the commit.`;

/** A reference of every contract as Markdown. */
export function contractsReference(): string {
  const sections = CONTRACTS.map(({ title, file, between, schema }) =>
    [
      `## ${title}`,
      `${between} Schema: \`contracts/${file}\`.`,
      settingsTable(z.toJSONSchema(schema, { io: "input", target: "draft-7" }) as JsonSchema),
    ].join("\n\n"),
  );
  return `${[HEADING, ...sections].join("\n\n")}\n`;
}
