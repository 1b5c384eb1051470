import { z } from "zod";
import { boardShape } from "../../contracts/board.ts";
import { BOOT_METHODS } from "../../contracts/boot.ts";
import { RepositoryName, Slug } from "../../contracts/names.ts";

/** One thing that `add-board` is told, by a flag or by an answer. */
export interface Field {
  /** The flag, without dashes. */
  readonly flag: string;
  /** Where it stands in the board's entry; empty for the entry's own name. */
  readonly path: readonly string[];
  /** What is asked. */
  readonly question: string;
  readonly example: string;
  readonly required: boolean;
  /** What a text may be. */
  readonly schema: z.ZodType;
  /** `list`: the flag may be given more than once, an answer has commas. */
  readonly kind: "text" | "number" | "list";
  /** The boot method that it belongs to. */
  readonly method?: string;
}

const text = { kind: "text", required: true } as const;

const COMMON: readonly Field[] = [
  {
    flag: "name",
    path: [],
    question: "The board's name in config",
    example: "orange-pi-pc",
    schema: Slug,
    ...text,
  },
  {
    flag: "title",
    path: ["title"],
    question: "The board's name as people write it",
    example: "Orange Pi PC",
    schema: boardShape.title,
    ...text,
  },
  {
    flag: "architecture",
    path: ["architecture"],
    question: "Debian architecture",
    example: "armhf",
    schema: boardShape.architecture,
    ...text,
  },
  {
    flag: "kernel",
    path: ["kernel", "package"],
    question: "Debian package of the kernel",
    example: "linux-image-armmp",
    schema: boardShape.kernel.shape.package,
    ...text,
  },
  {
    flag: "boot",
    path: ["boot", "method"],
    question: "Boot method",
    example: "u-boot",
    schema: z.enum(BOOT_METHODS.map(methodOf), { error: `one of ${BOOT_METHODS.map(methodOf).join(", ")}` }),
    ...text,
  },
];

const OPTIONAL: readonly Field[] = [
  {
    flag: "device-tree",
    path: ["deviceTrees"],
    question: "Device tree files that the image must have, as the kernel package names them",
    example: "sun8i-h3-orangepi-pc.dtb",
    schema: boardShape.deviceTrees,
    kind: "list",
    required: false,
  },
  {
    flag: "console",
    path: ["console"],
    question: "Serial console",
    example: "ttyS0,115200",
    schema: boardShape.console,
    kind: "text",
    required: false,
  },
  {
    flag: "package",
    path: ["extraPackages"],
    question: "Debian packages that this board needs beyond the root filesystem's",
    example: "firmware-brcm80211",
    schema: boardShape.extraPackages,
    kind: "list",
    required: false,
  },
  {
    flag: "repository",
    path: ["repository"],
    question: "Its repository, if not image-builder-<name>",
    example: "image-builder-opi",
    schema: RepositoryName,
    kind: "text",
    required: false,
  },
];

function methodOf(member: (typeof BOOT_METHODS)[number]): string {
  return member.shape.method.value;
}

/** `offsetKiB` as `boot-offset-kib`. */
function flagOf(key: string): string {
  const words = key.replace(/[KM]iB$/, (unit) => `-${unit.toLowerCase()}`);
  return `boot-${words.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** What each boot method must be told, from its schema: a new method is asked for without a change here. */
const BOOT: readonly Field[] = BOOT_METHODS.flatMap((member) =>
  Object.entries<z.ZodType>(member.shape).flatMap(([key, schema]): Field[] => {
    const { type, minimum, examples } = z.toJSONSchema(schema, { io: "input" });
    const numeric = type === "integer" || type === "number";
    if (key === "method" || !(numeric || type === "string") || schema.safeParse(undefined).success) return [];
    return [
      {
        flag: flagOf(key),
        path: ["boot", key],
        question: (schema.meta()?.description ?? key).replace(/\.$/, ""),
        example: String(examples?.[0] ?? minimum ?? ""),
        required: true,
        schema,
        kind: numeric ? "number" : "text",
        method: methodOf(member),
      },
    ];
  }),
);

/** Everything that can be told, in the order in which it is asked. */
export const FIELDS: readonly Field[] = [...COMMON, ...BOOT, ...OPTIONAL];

/** The fields of a board with this boot method; those of no method where it is not known. */
export function fieldsFor(method: string | undefined): readonly Field[] {
  return FIELDS.filter((field) => field.method === undefined || field.method === method);
}

/** A flag's or an answer's texts as the entry has them. What is no number stays text, for the schema to refuse. */
export function readValue(field: Field, texts: readonly string[]): unknown {
  const items = texts
    .flatMap((one) => (field.kind === "list" ? one.split(",") : [one]))
    .map((one) => one.trim());
  if (field.kind === "list") return items.filter((item) => item !== "");
  const [item = ""] = items;
  return field.kind === "number" && /^-?\d+(\.\d+)?$/.test(item) ? Number(item) : item;
}

/** What is wrong with a value, as a phrase: `found …, expected …`; undefined where it is right. */
export function wrong(field: Field, value: unknown): string | undefined {
  const parsed = field.schema.safeParse(value);
  if (parsed.success) return undefined;
  const expected = [...new Set(parsed.error.issues.map(({ message }) => message))].join("; ");
  return `found ${JSON.stringify(value)}, expected ${expected}`;
}
