import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { notRunning, register, registration } from "./binfmt.js";

const ARM64 = "7f454c460201010000000000000000000200b700";
const entry = (magic: string, { state = "enabled", flags = "POF" } = {}) =>
  `${state}\ninterpreter /usr/libexec/qemu\nflags: ${flags}\noffset 0\nmagic ${magic}\nmask ffff\n`;
// As Debian 12 and 13 ship it.
const conf = String.raw`:qemu-aarch64:M::\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff:/usr/libexec/qemu-binfmt/aarch64-binfmt-P:OPF`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "binfmt-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const foreign = async (processor: string) =>
  (await notRunning(processor, folder)).map(({ architecture }) => architecture);

describe("the architectures that containers cannot run yet", () => {
  it.each([
    ["nothing is registered", undefined, ["arm64", "armhf"]],
    ["QEMU is", entry(ARM64), ["armhf"]],
    ["QEMU is found in the container only", entry(ARM64, { flags: "PO" }), ["arm64", "armhf"]],
    ["QEMU is switched off", entry(ARM64, { state: "disabled" }), ["arm64", "armhf"]],
    ["QEMU of another processor is", entry(ARM64.replace("b700", "f300")), ["arm64", "armhf"]],
  ])("when %s", async (_, text, expected) => {
    writeFileSync(join(folder, "register"), "");
    writeFileSync(join(folder, "status"), "enabled\n");
    if (text !== undefined) writeFileSync(join(folder, "some-name"), text);
    expect(await foreign("x64")).toEqual(expected);
  });

  it("are none that the processor runs by itself", async () => {
    expect(await foreign("arm64")).not.toContain("arm64");
    expect(await foreign("arm")).toEqual(["arm64"]);
  });

  it("are all where binfmt_misc is not mounted", async () => {
    rmSync(folder, { recursive: true });
    expect(await foreign("x64")).toEqual(["arm64", "armhf"]);
  });
});

describe("registering", () => {
  const file = () => join(folder, "qemu-aarch64.conf");

  it("writes the package's own line, and takes the name from an entry that containers cannot use", () => {
    writeFileSync(file(), `# comment\n${conf}\n`);
    writeFileSync(join(folder, "qemu-aarch64"), entry(ARM64, { flags: "PO" }));
    register("aarch64", folder, file());
    expect(readFileSync(join(folder, "qemu-aarch64"), "utf8")).toBe("-1");
    expect(readFileSync(join(folder, "register"), "utf8")).toBe(conf);
  });

  it("refuses a package that has no entry for containers", () => {
    writeFileSync(file(), conf.replace("OPF", "OP"));
    expect(() => register("aarch64", folder, file())).toThrow(
      `${file()} has no entry for containers (flag F): install a newer QEMU`,
    );
    expect(existsSync(join(folder, "register"))).toBe(false);
  });

  it("says what the kernel says", () => {
    writeFileSync(file(), conf);
    expect(() => register("aarch64", join(folder, "none"), file())).toThrow(
      /^the kernel does not register QEMU: ENOENT/,
    );
  });

  it("takes no other QEMU's line", () => {
    expect(registration(conf, "arm")).toBeUndefined();
    expect(registration(conf, "aarch64")).toBe(conf);
  });
});
