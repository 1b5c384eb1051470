import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { zipOf } from "./archive.ts";
import { zip } from "./zip.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const asset = (content: object) => ({
  [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17",
  hash: "a",
  ...content,
});
const archive = (content: object) => ({
  [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7",
  hash: "b",
  ...content,
});

const folder = mkdtempSync(join(tmpdir(), "archive-"));
mkdirSync(join(folder, "files", "lib"), { recursive: true });
writeFileSync(join(folder, "files", "run"), "#!/bin/sh\n");
chmodSync(join(folder, "files", "run"), 0o755);
writeFileSync(join(folder, "files", "lib", "ü.txt"), "x".repeat(5000));
afterAll(() => rmSync(folder, { recursive: true }));

/** What Python's own reader finds, checksums verified: name, mode, size, date. */
function listed(bytes: Buffer): unknown {
  const file = join(folder, "out.zip");
  writeFileSync(file, bytes);
  const script = [
    "import json, sys, zipfile",
    "z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None",
    "print(json.dumps([[i.filename, oct(i.external_attr >> 16), i.file_size, i.date_time[0]] for i in z.infolist()]))",
  ].join("\n");
  return JSON.parse(execFileSync("python3", ["-c", script, file], { encoding: "utf8" }));
}

test("a zip file is sorted, dated alike and readable by others", async () => {
  const bytes = await zipOf(
    archive({
      assets: {
        "z.mjs": asset({ text: "" }),
        "a.mjs": asset({ text: "export {};" }),
        tree: archive({ path: join(folder, "files") }),
        "bin/run": asset({ path: join(folder, "files", "run") }),
      },
    }),
  );
  expect(listed(bytes)).toEqual([
    ["a.mjs", "0o100644", 10, 1980],
    ["bin/run", "0o100755", 10, 1980],
    ["tree/lib/ü.txt", "0o100644", 5000, 1980],
    ["tree/run", "0o100755", 10, 1980],
    ["z.mjs", "0o100644", 0, 1980],
  ]);
});

test("the order of the entries changes nothing", async () => {
  const one = { name: "a", content: Buffer.from("1") };
  const two = { name: "b", content: Buffer.from("2") };
  expect((await zip([one, two])).equals(await zip([two, one]))).toBe(true);
});

test("a zip file is given as it is; anything else is refused by name", async () => {
  const file = join(folder, "given.zip");
  const bytes = await zip([{ name: "a", content: Buffer.from("1") }]);
  writeFileSync(file, bytes);
  expect((await zipOf(archive({ path: file }))).equals(bytes)).toBe(true);
  const run = join(folder, "files", "run");
  await expect(zipOf(archive({ path: run }))).rejects.toThrow(`${run}: expected a folder or a .zip file`);
  await expect(zipOf(archive({ uri: "https://example.test/a.zip" }))).rejects.toThrow("found no content");
  await expect(zipOf("text")).rejects.toThrow("found no archive");
});
