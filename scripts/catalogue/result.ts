import { z } from "zod";

const MIB = 1024 * 1024;

/** Sizes of an image that was built, in bytes. */
const Sizes = z.strictObject({
  /** The card's image, unpacked. */
  image: z.int(),
  /** What of it is no hole. */
  used: z.int(),
  /** What its packages say that they take, in all. */
  packages: z.int(),
  /** The file that people download. */
  compressed: z.int(),
});

/** What came of one board or root filesystem: `result.json` beside what was built. */
export const Result = z.discriminatedUnion("outcome", [
  z.strictObject({
    outcome: z.literal("built"),
    /** Digest of what it was made of: the same, and it is not built again. */
    inputs: z.string(),
    seconds: z.number(),
    examples: z.int(),
    sizes: Sizes,
    /** Names of files that were made up in place of a vendor's. */
    standIns: z.array(z.string()),
    /** Whether packages came from a list that was given by hand. */
    otherSources: z.boolean(),
  }),
  z.strictObject({ outcome: z.literal("failed"), inputs: z.string(), reason: z.string() }),
  z.strictObject({ outcome: z.literal("skipped"), reason: z.string() }),
]);

export type Result = z.infer<typeof Result>;
export type Sizes = z.infer<typeof Sizes>;

/** The last error that a log of the builder names, or how it ended. */
export function reasonIn(log: string, code: number): string {
  const lines = log.split("\n");
  const told = lines.findLast((line) => line.startsWith("error: "))?.slice("error: ".length);
  // What apt says is more than that it failed.
  const apt = lines.findLast((line) => line.startsWith("E: "));
  return [told ?? `the builder ended with ${code}`, ...(apt === undefined ? [] : [apt])]
    .join(" — ")
    .slice(0, 300);
}

/** Image's size and what of it is used, from a `.bmap`. */
export function bmapSizes(bmap: string): Pick<Sizes, "image" | "used"> {
  const number = (name: string) => {
    const [, text] = new RegExp(`<${name}>\\s*(\\d+)\\s*</${name}>`).exec(bmap) ?? [];
    if (text === undefined) throw new Error(`.bmap: found no ${name}, expected one`);
    return Number(text);
  };
  return { image: number("ImageSize"), used: number("MappedBlocksCount") * number("BlockSize") };
}

export function inMiB(bytes: number): string {
  return String(Math.round(bytes / MIB));
}
