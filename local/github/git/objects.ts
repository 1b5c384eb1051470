import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import type { Commit, Tag, TreeEntry } from "../host/rows.ts";

export type ObjectType = "blob" | "tree" | "commit" | "tag";

export function objectId(type: ObjectType, content: Buffer): string {
  return createHash("sha1").update(`${type} ${content.byteLength}\0`).update(content).digest("hex");
}

/** Writes a loose object unless it is there, and gives its id. */
export function writeObject(directory: string, type: ObjectType, content: Buffer): string {
  const sha = objectId(type, content);
  const folder = join(directory, "objects", sha.slice(0, 2));
  const file = join(folder, sha.slice(2));
  if (existsSync(file)) return sha;
  mkdirSync(folder, { recursive: true });
  const temporary = join(folder, `tmp_obj_${randomBytes(6).toString("hex")}`);
  const header = Buffer.from(`${type} ${content.byteLength}\0`);
  writeFileSync(temporary, deflateSync(Buffer.concat([header, content]), { level: 1 }), { mode: 0o444 });
  renameSync(temporary, file);
  return sha;
}

/** `2026-01-02T03:04:05+02:00` as git writes a date: seconds and offset. */
export function identityDate(date: string): string {
  const milliseconds = Date.parse(date);
  if (!Number.isFinite(milliseconds)) throw new Error(`${date} is no ISO 8601 date`);
  const zone = /([+-])(\d{2}):?(\d{2})$/.exec(date);
  const offset = zone === null ? "+0000" : `${zone[1]}${zone[2]}${zone[3]}`;
  return `${Math.floor(milliseconds / 1000)} ${offset}`;
}

function terminated(message: string): string {
  return message.endsWith("\n") ? message : `${message}\n`;
}

type CommitFields = Omit<
  Commit,
  "id" | "created_at" | "updated_at" | "repo_id" | "sha" | "node_id" | "user_id"
>;

export function encodeCommit(commit: CommitFields): Buffer {
  const lines = [
    `tree ${commit.tree_sha}`,
    ...commit.parent_shas.map((parent) => `parent ${parent}`),
    `author ${commit.author_name} <${commit.author_email}> ${identityDate(commit.author_date)}`,
    `committer ${commit.committer_name} <${commit.committer_email}> ${identityDate(commit.committer_date)}`,
  ];
  return Buffer.from(`${lines.join("\n")}\n\n${terminated(commit.message)}`);
}

type TagFields = Pick<
  Tag,
  "object_sha" | "object_type" | "tag" | "tagger_name" | "tagger_email" | "tagger_date" | "message"
>;

export function encodeTag(tag: TagFields): Buffer {
  const lines = [
    `object ${tag.object_sha}`,
    `type ${tag.object_type}`,
    `tag ${tag.tag}`,
    `tagger ${tag.tagger_name} <${tag.tagger_email}> ${identityDate(tag.tagger_date)}`,
  ];
  return Buffer.from(`${lines.join("\n")}\n\n${terminated(tag.message)}`);
}

/** Git sorts a directory as if its name ended in a slash. */
export function encodeTree(entries: readonly TreeEntry[]): Buffer {
  const key = (entry: TreeEntry) => Buffer.from(entry.type === "tree" ? `${entry.path}/` : entry.path);
  const sorted = [...entries].sort((left, right) => Buffer.compare(key(left), key(right)));
  return Buffer.concat(
    sorted.flatMap((entry) => [
      Buffer.from(`${entry.mode.replace(/^0+/, "")} ${entry.path}\0`),
      Buffer.from(entry.sha, "hex"),
    ]),
  );
}

export function decodeTree(content: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < content.length) {
    const space = content.indexOf(0x20, at);
    const zero = content.indexOf(0, space);
    const mode = content.toString("utf8", at, space).padStart(6, "0");
    const type = mode === "040000" ? "tree" : mode === "160000" ? "commit" : "blob";
    const path = content.toString("utf8", space + 1, zero);
    entries.push({ path, mode, type, sha: content.toString("hex", zero + 1, zero + 21) });
    at = zero + 21;
  }
  return entries;
}

interface Identity {
  readonly name: string;
  readonly email: string;
  /** ISO 8601 in UTC without fractions, as GitHub shows it. */
  readonly date: string;
}

function decodeIdentity(value: string): Identity {
  const found = /^(.*?) ?<([^>]*)> (-?\d+)/.exec(value);
  const seconds = Number(found?.[3] ?? 0);
  return {
    name: found?.[1] ?? "",
    email: found?.[2] ?? "",
    date: new Date(seconds * 1000).toISOString().replace(/\.\d{3}Z$/, "Z"),
  };
}

interface Decoded {
  readonly headers: readonly (readonly [string, string])[];
  readonly message: string;
}

function decodeHeaders(content: Buffer): Decoded {
  const text = content.toString("utf8");
  const end = text.indexOf("\n\n");
  const headers: (readonly [string, string])[] = [];
  for (const line of text.slice(0, end < 0 ? undefined : end).split("\n")) {
    // A signature's lines go on with a space.
    if (line.startsWith(" ")) continue;
    const space = line.indexOf(" ");
    headers.push([line.slice(0, space), line.slice(space + 1)]);
  }
  return { headers, message: end < 0 ? "" : text.slice(end + 2).replace(/\n$/, "") };
}

export function decodeCommit(content: Buffer): CommitFields {
  const { headers, message } = decodeHeaders(content);
  const first = (name: string) => headers.find(([key]) => key === name)?.[1] ?? "";
  const author = decodeIdentity(first("author"));
  const committer = decodeIdentity(first("committer"));
  return {
    tree_sha: first("tree"),
    parent_shas: headers.filter(([key]) => key === "parent").map(([, value]) => value),
    author_name: author.name,
    author_email: author.email,
    author_date: author.date,
    committer_name: committer.name,
    committer_email: committer.email,
    committer_date: committer.date,
    message,
  };
}

export function decodeTag(content: Buffer): TagFields {
  const { headers, message } = decodeHeaders(content);
  const first = (name: string) => headers.find(([key]) => key === name)?.[1] ?? "";
  const tagger = decodeIdentity(first("tagger"));
  return {
    object_sha: first("object"),
    object_type: first("type"),
    tag: first("tag"),
    tagger_name: tagger.name,
    tagger_email: tagger.email,
    tagger_date: tagger.date,
    message,
  };
}
