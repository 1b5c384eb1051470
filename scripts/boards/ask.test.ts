import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { ask } from "./ask.ts";
import { newBoard } from "./request.ts";

/** Answers one question after the other, as a person does. */
function person(answers: readonly string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const left = [...answers];
  let printed = "";
  output.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
    if (!text.endsWith(": ")) return;
    const next = left.shift();
    if (next === undefined) input.end();
    else input.write(`${next}\n`);
  });
  return { input, output, printed: () => printed };
}

it("asks for what was not given, and again where an answer is wrong", async () => {
  const { input, output, printed } = person([
    ...["Pi", "linux-image-arm64", "u-boot", "u-boot-sunxi", "a.bin", "eight", "8"],
    ...["a.dtb, b.dtb", "", "", ""],
  ]);
  const given = new Map<string, unknown>([
    ["name", "pi"],
    ["architecture", "arm64"],
  ]);
  expect(newBoard(await ask(given, input, output))).toEqual({
    name: "pi",
    entry: {
      title: "Pi",
      architecture: "arm64",
      kernel: { package: "linux-image-arm64" },
      boot: { method: "u-boot", package: "u-boot-sunxi", file: "a.bin", offsetKiB: 8 },
      deviceTrees: ["a.dtb", "b.dtb"],
    },
  });
  expect(printed()).toContain('found "eight", expected a whole number of KiB');
  expect(printed()).not.toContain("Debian architecture");
});

it("changes nothing where the answers end", async () => {
  const { input, output } = person(["pi"]);
  await expect(ask(new Map(), input, output)).rejects.toThrow("the answers ended too early");
});
