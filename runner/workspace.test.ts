import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { extract, type Header, pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { BuildFailure } from "./failure.ts";
import { sendWorkspace } from "./workspace.ts";
import { WORKSPACE_LIMITS } from "./workspace-check.ts";

type Entry = readonly [Partial<Header> & Pick<Header, "name">, string?];

function tarball(entries: readonly Entry[]): Readable {
  const tar = pack();
  for (const [header, content = ""] of entries) {
    if (header.type === undefined || header.type === "file") tar.entry(header, content);
    else tar.entry(header);
  }
  tar.finalize();
  return Readable.from(tar).pipe(createGzip());
}

/** Reads what is put, as a container does. */
class Receiver {
  readonly entries: { header: Header; content: string }[] = [];

  async put(tar: Readable, path: string): Promise<void> {
    expect(path).toBe("/workspace");
    const entries = extract();
    tar.once("error", (error) => entries.destroy(error));
    tar.pipe(entries);
    for await (const entry of entries) {
      let content = "";
      for await (const chunk of entry) content += String(chunk);
      this.entries.push({ header: entry.header, content });
    }
  }
}

const never = new AbortController().signal;

describe("sendWorkspace", () => {
  it("sends the tree with git's modes, the commit's time and root as owner", async () => {
    const receiver = new Receiver();
    const large = "x".repeat(300_000);
    const { documents } = await sendWorkspace(
      tarball([
        [{ name: "t/", type: "directory" }],
        [{ name: "t/versions.json", mode: 0o664, uid: 7, mtime: new Date(5000) }, "{}"],
        [{ name: "t/spec/", type: "directory", mode: 0o777 }],
        [{ name: "t/spec/run", mode: 0o775 }, large],
        [{ name: "t/link", type: "symlink", linkname: "spec/run" }],
        [{ name: `t/${"long/".repeat(60)}name` }, "deep"],
      ]),
      receiver,
      1_700_000_000,
      never,
    );
    expect(documents.get("versions.json")?.toString()).toBe("{}");
    const seen = receiver.entries.map(({ header }) => [header.name, header.type, header.mode]);
    expect(seen).toEqual([
      ["versions.json", "file", 0o644],
      ["spec", "directory", 0o755],
      ["spec/run", "file", 0o755],
      ["link", "symlink", 0o777],
      [`${"long/".repeat(60)}name`, "file", 0o644],
    ]);
    expect(receiver.entries.map(({ content }) => content)).toEqual(["{}", "", large, "", "deep"]);
    for (const { header } of receiver.entries) {
      expect([header.uid, header.gid, header.mtime.getTime()]).toEqual([0, 0, 1_700_000_000_000]);
    }
  });

  it("names everything that is wrong", async () => {
    const entries: Entry[] = [
      [{ name: "t/good" }, "x"],
      [{ name: "t/pipe", type: "fifo" }],
      [{ name: "t/disk", type: "block-device", devmajor: 8 }],
      [{ name: "t/hard", type: "link", linkname: "t/good" }],
      [{ name: "t/../../outside" }, "x"],
      [{ name: "t/after" }, "x"],
    ];
    const sent = sendWorkspace(tarball(entries), new Receiver(), 0, never);
    const what = "expected a file, a folder or a symbolic link";
    await expect(sent).rejects.toMatchObject({
      failure: "repository",
      problems: [
        `pipe: found a fifo, ${what}`,
        `disk: found a block-device, ${what}`,
        `hard: found a link, ${what}`,
        expect.stringContaining("t/../../outside: found a path"),
      ],
    });
  });

  it("stops reading an archive that unpacks to too much", async () => {
    const zeros = "\0".repeat(1_000_000);
    const limits = { ...WORKSPACE_LIMITS, totalBytes: 2_500_000 };
    const bomb = tarball(Array.from({ length: 40 }, (_, number) => [{ name: `t/${number}` }, zeros]));
    const sent = sendWorkspace(bomb, new Receiver(), 0, never, limits);
    await expect(sent).rejects.toMatchObject({
      problems: ["(whole): found more than 2500000 bytes in all, expected fewer"],
    });
  });

  it("fails with the daemon's error, and with an archive's that ends too early", async () => {
    const refusing = { put: () => Promise.reject(new Error("no space left")) };
    const large: Entry = [{ name: "t/large" }, "x".repeat(2_000_000)];
    await expect(sendWorkspace(tarball([large]), refusing, 0, never)).rejects.toThrow("no space left");
    const broken = Readable.from([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1])]);
    const failed = sendWorkspace(broken, new Receiver(), 0, never);
    await expect(failed).rejects.toThrow("unexpected end of file");
    await expect(failed).rejects.not.toBeInstanceOf(BuildFailure);
  });

  it("ends when it is told to", async () => {
    const stop = new AbortController();
    const endless = Readable.from(
      (async function* () {
        yield Buffer.from([0x1f, 0x8b]);
        await new Promise(() => undefined);
      })(),
    );
    const sent = sendWorkspace(endless, new Receiver(), 0, stop.signal);
    stop.abort();
    await expect(sent).rejects.toMatchObject({ name: "AbortError" });
  });
});
