import { beforeAll, expect, it } from "vitest";
import { TemplateRepository } from "./template-repository.ts";
import { mockEngine, only, type Registered, resolved } from "./testing/mocks.ts";

let registered: Registered[];

beforeAll(async () => {
  registered = mockEngine();
  const template = new TemplateRepository("image-template", {
    repository: "image-builder-template",
    description: "What a new board's repository starts with",
    visibility: "public",
    files: new Map([
      ["README.md", "The key:\n{{release-key}}\nand text"],
      ["packages.txt", "# none\n"],
    ]),
    releaseKey: "-----BEGIN PUBLIC KEY-----\n$&\n-----END PUBLIC KEY-----\n",
  });
  expect(await resolved(template.name)).toBe("image-builder-template");
});

it("shows the key where a file asks for it, as it is", () => {
  expect(only(registered, ":RepositoryFile", "image-template/README.md").inputs.content).toBe(
    "The key:\n-----BEGIN PUBLIC KEY-----\n$&\n-----END PUBLIC KEY-----\nand text",
  );
  expect(only(registered, ":RepositoryFile", "image-template/packages.txt").inputs.content).toBe("# none\n");
});
