import { describe, expect, it } from "vitest";
import { BuildLog, LineReader } from "./log.ts";

function read(chunks: readonly (string | Buffer)[], lineLength = 20): string[] {
  const lines: string[] = [];
  const reader = new LineReader(lineLength, (line) => lines.push(line));
  for (const chunk of chunks) reader.write(Buffer.from(chunk));
  reader.end();
  return lines;
}

describe("LineReader", () => {
  it("puts lines together that come in pieces, whatever ends them", () => {
    expect(read(["a", "b\r", "\nc\rd\n", "\ne"])).toEqual(["ab", "c", "d", "", "e"]);
    expect(read(["a\r", "b\n"])).toEqual(["a", "b"]);
    expect(read([Buffer.from([0xc3]), Buffer.from([0xa9, 0x0a])])).toEqual(["é"]);
  });

  it("makes visible what would do something", () => {
    expect(read(["a\u001b[2J\u0007\tb\u202ec\u0000\n"])).toEqual(["a␛[2J␇\tb<U+202E>c␀"]);
    expect(read([Buffer.from([0x61, 0xff, 0x0a])])).toEqual(["a\ufffd"]);
  });

  it("keeps the beginning of a long line, and says how much more there was", () => {
    expect(read(["x".repeat(15), "x".repeat(15), "\nshort\n"])).toEqual([
      `${"x".repeat(20)} … (10 more characters)`,
      "short",
    ]);
  });
});

describe("BuildLog", () => {
  const limits = { keptBytes: 40, lineLength: 100 };

  it("keeps everything that is short enough", () => {
    const log = new BuildLog(limits);
    for (let number = 0; number < 8; number++) log.add(`line ${number}`);
    expect(log.bytes().toString()).toBe(
      [0, 1, 2, 3, 4, 5, 6, 7].map((number) => `line ${number}\n`).join(""),
    );
  });

  it("keeps beginning and end of what is too long, in whole lines, and says what is missing", () => {
    const log = new BuildLog(limits);
    for (let number = 100; number < 200; number++) log.add(`line ${number}`);
    const kept = [100, 101, 102, 103].map((number) => `line ${number}\n`).join("");
    const end = [196, 197, 198, 199].map((number) => `line ${number}\n`).join("");
    expect(log.bytes().toString()).toBe(`${kept}\n[… ${92 * 9} bytes left out …]\n\n${end}`);
    expect(log.written).toBe(900);
  });

  it("takes a line that is longer than all that it keeps", () => {
    const log = new BuildLog(limits);
    log.add("first");
    log.add("x".repeat(200));
    log.add("last");
    expect(log.bytes().toString()).toMatch(/^first\n\n\[… \d+ bytes left out …\]\n\nlast\n$/);
  });
});
