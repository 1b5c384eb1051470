import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pack } from "tar-stream";
import type { ContainerInputs } from "./container-options.ts";

export type Upload = NonNullable<ContainerInputs["uploads"]>[number];

async function contentOf(upload: Upload): Promise<Buffer> {
  if (upload.source !== undefined) {
    return await readFile(upload.source);
  }
  return upload.contentBase64 === undefined
    ? Buffer.from(upload.content ?? "", "utf8")
    : Buffer.from(upload.contentBase64, "base64");
}

/** The file's mode: `permissions` in octal, else what the owner may do with it. */
export function modeOf(upload: Upload): number {
  if (upload.permissions !== undefined) {
    return Number.parseInt(upload.permissions, 8);
  }
  return upload.executable === true ? 0o744 : 0o644;
}

/** The files as one archive to be unpacked at the container's root. */
export async function uploadArchive(uploads: readonly Upload[]): Promise<Readable> {
  const tar = pack();
  for (const upload of uploads) {
    const header = {
      name: upload.file.replace(/^\/+/, ""),
      mode: modeOf(upload),
      uid: Number(upload.owner ?? 0),
      gid: Number(upload.group ?? 0),
      mtime: new Date(0),
    };
    tar.entry(header, await contentOf(upload));
  }
  tar.finalize();
  return Readable.from(tar);
}

/** What is wrong with one upload, by property. */
export function uploadProblems(upload: Partial<Upload>): { property: string; reason: string }[] {
  const problems: { property: string; reason: string }[] = [];
  const sources = (["content", "contentBase64", "source"] as const).filter(
    (key) => upload[key] !== undefined,
  );
  if (sources.length > 1) {
    problems.push({ property: sources[1] ?? "", reason: `expected one of ${sources.join(", ")} only` });
  }
  if (upload.file !== undefined && !upload.file.startsWith("/")) {
    const reason = `found ${JSON.stringify(upload.file)}; expected an absolute path`;
    problems.push({ property: "file", reason });
  }
  if (upload.permissions !== undefined && !/^0[0-7]{3}$/.test(upload.permissions)) {
    const reason = `found ${JSON.stringify(upload.permissions)}; expected four octal digits such as 0400`;
    problems.push({ property: "permissions", reason });
  }
  for (const property of ["owner", "group"] as const) {
    const value = upload[property];
    if (value !== undefined && !/^\d+$/.test(value)) {
      const reason = `found ${JSON.stringify(value)}; expected a number: names differ from host to host`;
      problems.push({ property, reason });
    }
  }
  return problems;
}
