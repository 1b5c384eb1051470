import { z } from "zod";
import { boardShape } from "../../contracts/board.ts";
import { BootTest } from "../../contracts/boot-test.ts";
import { RepositoryName, Slug, Title } from "../../contracts/names.ts";
import { exactObject } from "../../contracts/object.ts";
import { choice, mapOf } from "./fields.ts";

/** What a stack's config says of a board beyond what its `board.json` does. */
const ofStackOnly = {
  renamedFrom: Slug.exactOptional().meta({
    description:
      "The name that this board had before: its repository is kept and renamed. Unneeded after the next `up`.",
  }),
  support: exactObject({
    status: choice(["built", "stand-in", "validated"]).meta({
      description:
        "What was shown of it: its image is built and tested; built with a stand-in for a vendor's files; or only its settings are checked.",
    }),
    note: Title.exactOptional().meta({ description: "Why it is no more, or what to know." }),
  })
    .exactOptional()
    .meta({ description: "How far the board is supported, for the table of boards." }),
  adopt: z.literal(true, { error: "true, or nothing" }).exactOptional().meta({
    description:
      "The board's repository exists already and is taken over with what is in it; its settings become the program's. Unneeded after the next `up`.",
  }),
};

const boardSchema = exactObject({
  ...boardShape,
  ...ofStackOnly,
  repository: RepositoryName.exactOptional().meta({
    description: "The board's repository. Default: image-builder-<board>.",
  }),
  bootTest: BootTest.exactOptional().meta({
    description:
      "Which builds boot their image in QEMU and test it over SSH: never, tags, or pushes (with pull requests) too. Default: tags where there is a machine for the architecture, never elsewhere.",
  }),
});

/** A board once what depends on its name or on its other fields is filled in. */
export const resolvedBoardSchema = exactObject({
  ...boardShape,
  ...ofStackOnly,
  repository: RepositoryName,
  bootTest: BootTest,
});

export const boardsSchema = mapOf(Slug, boardSchema, "a mapping of board names to boards").meta({
  minProperties: 1,
  description: "The boards that the pipeline builds images for, by name.",
});
