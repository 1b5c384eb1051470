import { cut } from "../../../clients/text.ts";
import type { RepositoryKind } from "../../../contracts/repository-kind.ts";
import { RELEASE_KEY_FILE } from "../../../contracts/signature.ts";
import { markdown, markdownLine } from "../../lib/markdown.ts";
import type { PinnedFile } from "../pins.ts";
import { CHECKSUM_FILE, type PlannedAsset, SIGNATURE_FILE } from "../plan.ts";
import type { PackageChanges } from "./packages.ts";

export interface NotedCommit {
  readonly sha: string;
  /** All of the message; its first line is shown. */
  readonly message: string;
  readonly author: string;
}

export interface NotedPullRequest {
  readonly number: number;
  readonly title: string;
  readonly author: string;
}

/** All that a release's notes tell. */
export interface NotesInput {
  readonly tag: string;
  readonly kind: RepositoryKind;
  /** The web page of the repository. */
  readonly repositoryUrl: string;
  /** Where the artifacts lie for other builds, `s3://…/releases/<repository>/<tag>`. */
  readonly location: string;
  /** The release that this is told as a change of; undefined for the first. */
  readonly previous: string | undefined;
  /** Since then, the newest last. */
  readonly commits: readonly NotedCommit[];
  /** How many there are, where not all are given. */
  readonly totalCommits: number;
  readonly pullRequests: readonly NotedPullRequest[];
  /** By list of packages; one list for an image, one for each root filesystem. */
  readonly packages: ReadonlyMap<string, PackageChanges>;
  /** What the image stands on, `versions.json` at the tag. */
  readonly pins: readonly PinnedFile[];
  readonly assets: readonly PlannedAsset[];
  /** Of the key that signed the checksums, PEM. */
  readonly publicKey: string;
}

/** What GitHub takes as a release's body is 125,000 characters. */
const MAX_LENGTH = 120_000;
const MAX_COMMITS = 100;
const MAX_PACKAGES = 300;
const SUBJECT = 120;

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, "", ...lines, ""];
}

function limited<T>(items: readonly T[], maximum: number, show: (item: T) => string): string[] {
  const more = items.length > maximum ? [`- and ${items.length - maximum} more`] : [];
  return [...items.slice(0, maximum).map(show), ...more];
}

function changes(input: NotesInput): string[] {
  const { commits, totalCommits, pullRequests, previous, repositoryUrl, tag } = input;
  const merged = limited(
    pullRequests,
    MAX_COMMITS,
    ({ number, title, author }) =>
      `- ${markdownLine(title, SUBJECT)} ([pull request ${number}](${repositoryUrl}/pull/${number}) by ${markdownLine(author, 60)})`,
  );
  const newest = [...commits].reverse();
  const shown = newest.slice(0, MAX_COMMITS).map(({ sha, message, author }) => {
    const [subject = ""] = message.split(/[\r\n]/, 1);
    return `- [\`${sha.slice(0, 7)}\`](${repositoryUrl}/commit/${sha}) ${markdownLine(subject, SUBJECT)} (${markdownLine(author, 60)})`;
  });
  const left = totalCommits - shown.length;
  const more = left > 0 ? [`- and ${left} more`] : [];
  const all =
    previous === undefined
      ? []
      : ["", `[All changes since ${markdown(previous)}](${repositoryUrl}/compare/${previous}...${tag})`];
  return [
    ...section("Pull requests", merged),
    ...section("Commits", shown.length === 0 ? [] : [...shown, ...more, ...all]),
  ];
}

function packageLines({ added, removed, changed }: PackageChanges): string[] {
  const lines = [
    ...added.map(({ name, version }) => `- added ${markdown(name)} ${markdown(version)}`),
    ...removed.map(({ name, version }) => `- removed ${markdown(name)} ${markdown(version)}`),
    ...changed.map(({ name, from, to }) => `- ${markdown(name)} ${markdown(from)} → ${markdown(to)}`),
  ];
  return limited(lines, MAX_PACKAGES, (line) => line);
}

function packages({ packages, previous }: NotesInput): string[] {
  if (packages.size === 0 || previous === undefined) return [];
  return [...packages].flatMap(([list, difference]) => {
    const lines = packageLines(difference);
    const title = packages.size === 1 ? "Packages" : `Packages of ${markdown(list)}`;
    return section(title, lines.length === 0 ? [`The same as in ${markdown(previous)}.`] : lines);
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function verify({ repositoryUrl, tag, publicKey }: NotesInput): string[] {
  const base = `${repositoryUrl}/releases/download/${tag}`;
  return [
    "```sh",
    `curl -LO ${base}/${CHECKSUM_FILE} -LO ${base}/${SIGNATURE_FILE}`,
    `openssl dgst -sha256 -verify ${RELEASE_KEY_FILE} -signature ${SIGNATURE_FILE} ${CHECKSUM_FILE}`,
    `sha256sum --check --ignore-missing ${CHECKSUM_FILE}`,
    "```",
    "",
    `[\`${RELEASE_KEY_FILE}\`](${repositoryUrl}/blob/HEAD/${RELEASE_KEY_FILE}) is the pipeline's public key. Keep it from an earlier release, or compare it with where you trust it from:`,
    "",
    "```text",
    publicKey.trim(),
    "```",
  ];
}

function use({ kind, assets, repositoryUrl, tag, location }: NotesInput): string[] {
  if (kind === "image") {
    const image = assets.find(({ name }) => name.endsWith(".img.zst"));
    if (image === undefined) return [];
    const lines = [
      "```sh",
      `curl -LO ${repositoryUrl}/releases/download/${tag}/${image.name}`,
      `zstd -dc ${image.name} | sudo dd of=/dev/sdX bs=4M conv=fsync status=progress  # sdX is the SD card`,
      "```",
    ];
    return section("Flash", lines);
  }
  const pattern =
    kind === "rootfs" ? /^rootfs-([a-z0-9]+)-.*\.tar\.zst$/ : /^kernel-.+-(armhf|arm64|armel|amd64)-.*\.deb$/;
  const files = assets.flatMap(({ name, sha256, source }) => {
    const architecture = pattern.exec(name)?.[1];
    if (architecture === undefined || !("path" in source)) return [];
    return [[architecture, { url: `${location}/${source.path}`, sha256 }]];
  });
  if (files.length === 0) return [];
  const pins = JSON.stringify({ version: 1, [kind]: Object.fromEntries(files) }, undefined, 2);
  return section("Pin it", ["`versions.json` of an image repository:", "", "```json", pins, "```"]);
}

/** The body of a release, Markdown. Whatever people wrote in it is text and nothing more. */
export function releaseNotes(input: NotesInput): string {
  const { pins, assets } = input;
  const end = [
    ...section(
      "Stands on",
      table(
        ["", "from", "SHA-256"],
        pins.map(({ dependency, name, url, sha256 }) => [
          markdown(`${dependency} ${name}`),
          markdownLine(url, 300),
          `\`${sha256}\``,
        ]),
      ),
    ),
    ...use(input),
    ...section("Verify", verify(input)),
    ...section(
      "Checksums",
      table(
        ["file", "bytes", "SHA-256"],
        assets.map(({ name, size, sha256 }) => [markdown(name), String(size), `\`${sha256}\``]),
      ),
    ),
  ].join("\n");
  const start = [...changes(input), ...packages(input)].join("\n");
  const room = MAX_LENGTH - end.length;
  if (start.length <= room) return `${start}\n${end}`.trim();
  // How to use and verify it is worth more than the last of its changes.
  const whole = start.slice(0, Math.max(0, room - 100));
  return cut(`${whole.slice(0, whole.lastIndexOf("\n"))}\n- and more\n\n${end}`, MAX_LENGTH).trim();
}
