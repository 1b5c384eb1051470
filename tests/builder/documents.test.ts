import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cases } from "../../contracts/judged-documents.ts";
import { run } from "../support/run.ts";
import { buildImage, IMAGE, ROOT } from "./builder-image.ts";

/** The field at the beginning of the builder's line; nothing where it speaks of the whole document. */
function fieldOf(line: string): string {
  return /^\S+\.json: (?:(\S+): )?found /.exec(line)?.[1] ?? "";
}

const folder = mkdtempSync(join(tmpdir(), "documents-"));
const said = new Map<number, string[]>();
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  await buildImage();
  for (const [index, { file, text }] of cases.entries()) {
    await mkdir(join(folder, String(index)));
    writeFileSync(join(folder, String(index), `${file}.json`), text);
  }
  const mount = ["--volume", `${folder}:/documents:ro`, "--entrypoint", "/opt/builder/test/documents.sh"];
  const output = await run("docker", ["run", "--rm", "--network", "none", ...mount, IMAGE], { cwd: ROOT });
  for (const line of output.trim().split("\n")) {
    const [, index, message] = /^(\d+) (.*)$/.exec(line) ?? [];
    if (message === undefined) throw new Error(`not a line of documents.sh: ${line}`);
    said.set(Number(index), [...(said.get(Number(index)) ?? []), message]);
  }
}, 600_000);

it.each(cases.map(({ file, fields }, index) => ({ index, file, fields })))(
  "the builder judges document $index, $file, as its contract does",
  ({ index, fields }) => {
    const named = [...new Set((said.get(index) ?? []).map(fieldOf))].sort();
    expect(named.filter((name) => fields.includes(name))).toEqual([...fields].sort());
    // Where a mapping is no mapping, the builder names the fields that it lacks too.
    const below = (name: string) => fields.some((field) => field !== "" && name.startsWith(`${field}.`));
    expect(named.filter((name) => !fields.includes(name) && !below(name))).toEqual([]);
  },
);
