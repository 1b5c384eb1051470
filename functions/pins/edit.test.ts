import { describe, expect, it } from "vitest";
import { editPins, type Pins } from "./edit.ts";

const pin = (version: string) => ({
  url: `https://github.example/hypriot/os-rootfs/releases/download/v${version}/rootfs-arm64-${version}.tar.zst`,
  sha256: version.slice(0, 1).repeat(64),
});
const never = () => false;
const edit = (text: string, pins: Pins, ahead: Parameters<typeof editPins>[3] = never) =>
  editPins(Buffer.from(text), "rootfs", pins, ahead);

describe("editPins", () => {
  it("writes a board's first pin as the template is written", () => {
    expect(edit('{\n  "version": 1,\n  "rootfs": {}\n}\n', { arm64: pin("1.0.0") })).toEqual({
      text: `{
  "version": 1,
  "rootfs": {
    "arm64": {
      "url": "${pin("1.0.0").url}",
      "sha256": "${pin("1.0.0").sha256}"
    }
  }
}
`,
      changes: [{ architecture: "arm64", before: undefined, after: pin("1.0.0") }],
    });
  });

  it("changes two values and no other character, however a document is written", () => {
    const armhf = pin("3.0.0");
    const written = ({ url, sha256 }: ReturnType<typeof pin>) =>
      `{ "rootfs":\r\n\t\t{"armhf":${JSON.stringify(armhf)},  "arm64" : {"sha256": "${sha256}" ,"url":"${url}"}\r\n},\r\n\t"version":1}`;
    expect(edit(written(pin("1.0.0")), { arm64: pin("2.0.0") })).toEqual({
      text: written(pin("2.0.0")),
      changes: [{ architecture: "arm64", before: pin("1.0.0"), after: pin("2.0.0") }],
    });
  });

  it("adds an architecture beside another with tabs and CRLF as the rest", () => {
    const before = `{\r\n\t"version": 1,\r\n\t"rootfs": {\r\n\t\t"armhf": {\r\n\t\t\t"url": "r.tar.zst",\r\n\t\t\t"sha256": "${"a".repeat(64)}"\r\n\t\t}\r\n\t}\r\n}\r\n`;
    const { url, sha256 } = pin("1.0.0");
    expect(edit(before, { arm64: pin("1.0.0") })).toMatchObject({
      text: before.replace(
        "\r\n\t\t}\r\n\t}",
        `\r\n\t\t},\r\n\t\t"arm64": {\r\n\t\t\t"url": "${url}",\r\n\t\t\t"sha256": "${sha256}"\r\n\t\t}\r\n\t}`,
      ),
    });
  });

  it("writes a kernel's pin beside the root filesystem's, and changes it there", () => {
    const rootfs = { arm64: pin("1.0.0") };
    const text = (kernel: object) => `${JSON.stringify({ version: 1, rootfs, ...kernel }, undefined, 2)}\n`;
    for (const before of [{}, { kernel: {} }, { kernel: { arm64: pin("2.0.0") } }])
      expect(editPins(Buffer.from(text(before)), "kernel", { arm64: pin("3.0.0") }, never)).toMatchObject({
        text: text({ kernel: { arm64: pin("3.0.0") } }),
      });
  });

  it("changes nothing where there is nothing to pin, without a kernel's section too", () => {
    const text = JSON.stringify({ version: 1, rootfs: {} });
    expect(editPins(Buffer.from(text), "kernel", {}, never)).toEqual({ text, changes: [] });
  });

  it("changes nothing where the pin is there, or is ahead of it", () => {
    const text = JSON.stringify({ version: 1, rootfs: { arm64: pin("2.0.0") } });
    expect(edit(text, { arm64: pin("2.0.0") })).toEqual({ text, changes: [] });
    expect(edit(text, { arm64: pin("1.0.0") }, ({ url }) => url === pin("2.0.0").url)).toEqual({
      text,
      changes: [],
    });
  });

  it.each([
    [
      "no JSON",
      "{,}",
      /^versions\.json: found no JSON \(.+\), expected a document as docs\/contracts\.md says$/,
    ],
    ["a byte order mark", '\uFEFF{"version":1,"rootfs":{}}', /found no JSON/],
    ["no UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), /^versions\.json: found what is no UTF-8/],
    ["another version", '{"version":2,"rootfs":{}}', /^versions\.json: version: 1, the version/],
    ["a key twice", '{"version":1,"rootfs":{"armhf":{}},"rootfs":{}}', /found a key more than once/],
  ])("names what is wrong with %s", (_, text, problem) => {
    const found = editPins(Buffer.from(text), "rootfs", { arm64: pin("1.0.0") }, never);
    expect(found).toEqual({ problems: [expect.stringMatching(problem)] });
  });

  it("names every problem, without control characters", () => {
    expect(edit('{"version":2}', {})).toEqual({
      problems: [expect.stringContaining("version: "), expect.stringContaining("rootfs: ")],
    });
    expect(JSON.stringify(edit("{\u001b[2J", {}))).not.toContain("\\u001b");
  });
});
