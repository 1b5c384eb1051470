import { promisify } from "node:util";
import { deflateRaw, type ZlibOptions } from "node:zlib";

export interface ZipEntry {
  /** With `/` between folders. */
  readonly name: string;
  readonly content: Uint8Array;
  readonly executable?: boolean;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(content: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of content) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** 1 January 1980, the earliest date that the format knows: the same files make the same bytes on any day. */
const DATE = 0x0021;
const VERSION = 20;
/** The made-by system is Unix, so that the mode counts. */
const MADE_BY = (3 << 8) | VERSION;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;

/** Fields as the format wants them: little endian, of two or four bytes. */
function fields(...values: readonly (readonly [value: number, bytes: 2 | 4])[]): Buffer {
  const buffer = Buffer.alloc(values.reduce((sum, [, bytes]) => sum + bytes, 0));
  let offset = 0;
  for (const [value, bytes] of values) offset = buffer.writeUIntLE(value, offset, bytes);
  return buffer;
}

/** Beside the process's own work: a megabyte of code takes longer than all other calls of a creation. */
const pack = promisify<Uint8Array, ZlibOptions, Buffer>(deflateRaw);

/** A zip archive, the same bytes for the same entries in whatever order. Up to 4 GiB and 65,535 entries. */
export async function zip(entries: readonly ZipEntry[]): Promise<Buffer> {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = await Promise.all(
    sorted.map(async (entry) => ({ ...entry, packed: await pack(entry.content, { level: 9 }) })),
  );
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, executable, packed } of files) {
    const path = Buffer.from(name, "utf8");
    const common = fields(
      [VERSION, 2],
      [UTF8_NAMES, 2],
      [DEFLATED, 2],
      [0, 2],
      [DATE, 2],
      [crc32(content), 4],
      [packed.length, 4],
      [content.length, 4],
      [path.length, 2],
      [0, 2],
    );
    const local = Buffer.concat([fields([0x04034b50, 4]), common, path, packed]);
    const mode = (0o100000 | (executable ? 0o755 : 0o644)) * 0x10000;
    central.push(
      fields([0x02014b50, 4], [MADE_BY, 2]),
      common,
      fields([0, 2], [0, 2], [0, 2], [mode, 4], [offset, 4]),
      path,
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const count = files.length;
  const end = fields(
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [directory.length, 4],
    [offset, 4],
    [0, 2],
  );
  return Buffer.concat([...locals, directory, end]);
}
