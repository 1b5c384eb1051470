import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { asAsset, type WireAsset } from "./values.ts";
import { type ZipEntry, zip } from "./zip.ts";

const EXECUTABLE = 0o111;

async function fileEntry(name: string, path: string): Promise<ZipEntry> {
  const [content, { mode }] = await Promise.all([readFile(path), stat(path)]);
  return { name, content, executable: (mode & EXECUTABLE) !== 0 };
}

async function folderEntries(prefix: string, folder: string): Promise<readonly ZipEntry[]> {
  const found = await readdir(folder, { withFileTypes: true });
  const entries = found.map(async (entry) => {
    const name = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    const path = join(folder, entry.name);
    return (await stat(path)).isDirectory() ? folderEntries(name, path) : [await fileEntry(name, path)];
  });
  return (await Promise.all(entries)).flat();
}

async function entriesOf(name: string, asset: WireAsset): Promise<readonly ZipEntry[]> {
  if (asset.assets !== undefined) {
    const inner = Object.entries(asset.assets).map(([key, value]) => {
      const wire = asAsset(value);
      if (wire === undefined) throw new Error(`${key}: found no asset and no archive`);
      return entriesOf(name === "" ? key : `${name}/${key}`, wire);
    });
    return (await Promise.all(inner)).flat();
  }
  if (asset.text !== undefined && asset.kind === "asset") return [{ name, content: Buffer.from(asset.text) }];
  if (asset.path !== undefined) {
    if (asset.kind === "asset") return [await fileEntry(name, asset.path)];
    if ((await stat(asset.path)).isDirectory()) return folderEntries(name, asset.path);
    throw new Error(`${asset.path}: an archive file inside another archive is not supported`);
  }
  throw new Error(
    `${name || "archive"}: found no content; the local providers take texts, files and folders`,
  );
}

/** An archive's content as a zip file. A zip file is given as it is; relative paths are from the working folder. */
export async function zipOf(archive: unknown): Promise<Buffer> {
  const wire = asAsset(archive);
  if (wire === undefined) throw new Error("found no archive");
  if (wire.kind === "archive" && wire.path !== undefined && (await stat(wire.path)).isFile()) {
    if (!wire.path.endsWith(".zip")) throw new Error(`${wire.path}: expected a folder or a .zip file`);
    return readFile(wire.path);
  }
  return zip(await entriesOf("", wire));
}

/** An asset's content. Relative paths are from the working folder. */
export async function assetBytes(asset: unknown): Promise<Buffer> {
  const wire = asAsset(asset);
  if (wire?.kind === "asset" && wire.text !== undefined) return Buffer.from(wire.text);
  if (wire?.kind === "asset" && wire.path !== undefined) return readFile(wire.path);
  throw new Error("found no asset with a text or a file");
}
