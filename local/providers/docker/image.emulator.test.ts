import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sdk from "@pulumi/docker/package.json" with { type: "json" };
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PropertyMap } from "../framework/values.ts";
import { connect as connectProvider } from "../testing/client.ts";
import { dockerProvider } from "./provider.ts";
import { BASE, RUN, type Stand, stand, TYPES } from "./testing/stand.ts";

let at: Stand;

beforeAll(async () => {
  at = await stand();
});
afterAll(async () => {
  await at.close();
});

describe("a daemon behind ssh", () => {
  it("is reached through the ssh command, also by a build's stream", async () => {
    // What ssh would run there, run here.
    await writeFile(join(at.folder, "ssh"), "#!/bin/sh\nexec docker system dial-stdio\n", { mode: 0o755 });
    const path = process.env.PATH;
    process.env.PATH = `${at.folder}:${path}`;
    try {
      const remote = await connectProvider(dockerProvider(sdk.version), {
        host: "ssh://builder@runner.invalid",
      });
      await remote.configure();
      await writeFile(join(at.folder, "Dockerfile"), `FROM ${BASE}\nCOPY large /large\n`);
      await writeFile(join(at.folder, "large"), Buffer.alloc(4 << 20, "x"));
      const { inputs } = await remote.check(TYPES.image, {
        name: `${RUN}/remote:1`,
        build: { context: at.folder },
      });
      const state = await remote.create(TYPES.image, inputs);
      expect(state.outputs.imageId).toBe((await at.docker.getImage(`${RUN}/remote:1`).inspect()).Id);
      await remote.delete(TYPES.image, state);
      await writeFile(
        join(at.folder, "ssh"),
        '#!/bin/sh\necho "Host key verification failed." >&2; exit 255\n',
      );
      await expect(remote.read(TYPES.image, state.id, state)).rejects.toThrow(
        /ssh to runner.invalid ended with 255: Host key verification failed/,
      );
      remote.close();
    } finally {
      process.env.PATH = path;
      await rm(join(at.folder, "large"));
    }
  });
});

describe("RemoteImage", () => {
  const args = (extra: PropertyMap = {}) => ({
    name: `${RUN}/built:1`,
    build: { context: at.folder, buildArgs: { WHO: "world" }, labels: { run: RUN } },
    triggers: { sources: "1" },
    ...extra,
  });
  const dockerfile = (text: string) => writeFile(join(at.folder, "Dockerfile"), text);

  it("is built, read without a change, rebuilt when a trigger changes, and deleted twice", async () => {
    await dockerfile(
      `FROM ${BASE}\nARG WHO\nCOPY hello /hello\nRUN cat /hello && echo "$WHO" > /who\nCMD ["/bin/sh"]\n`,
    );
    await writeFile(join(at.folder, "hello"), "one");
    const first = await at.steps.create(TYPES.image, args());
    expect(first.id).toBe(`${first.outputs.imageId}${RUN}/built:1`);
    expect(first.outputs.imageId).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect((await at.steps.refreshed(TYPES.image, first)).inputs).toEqual(first.inputs);

    await writeFile(join(at.folder, "hello"), "two");
    const next = await at.steps.change(TYPES.image, first, args({ triggers: { sources: "2" } }));
    expect(next.diff).toMatchObject({ replaces: ["triggers"], deleteBeforeReplace: false });
    const second = await at.provider.create(TYPES.image, next.inputs);
    expect(second.outputs.imageId).not.toBe(first.outputs.imageId);
    // The old one goes after the new one has its name: only the old image goes.
    await at.provider.delete(TYPES.image, first);
    expect(await at.steps.gone(TYPES.image, second)).toBe(false);
    await expect(at.docker.getImage(String(first.outputs.imageId)).inspect()).rejects.toThrow(/404/);

    await at.provider.delete(TYPES.image, second);
    expect(await at.steps.gone(TYPES.image, second)).toBe(true);
    await at.provider.delete(TYPES.image, second);
  });

  it("is gone when somebody gave its name to another image", async () => {
    await dockerfile(`FROM ${BASE}\n`);
    const state = await at.steps.create(TYPES.image, args());
    await dockerfile(`FROM ${BASE}\nENV CHANGED=1\n`);
    const other = await at.steps.create(TYPES.image, args());
    expect(await at.steps.gone(TYPES.image, state)).toBe(true);
    expect(await at.steps.gone(TYPES.image, other)).toBe(false);
    await at.provider.delete(TYPES.image, state);
    await at.provider.delete(TYPES.image, other);
    expect(await at.steps.gone(TYPES.image, other)).toBe(true);
  });

  it("stays when its replacement came out as the very same image", async () => {
    await dockerfile(`FROM ${BASE}\n`);
    const first = await at.steps.create(TYPES.image, args());
    const second = await at.steps.create(TYPES.image, args({ triggers: { sources: "2" } }));
    expect(second.id).toBe(first.id);
    await at.provider.delete(TYPES.image, first);
    expect(await at.steps.gone(TYPES.image, second)).toBe(false);
    await at.provider.delete(TYPES.image, second);
    expect(await at.steps.gone(TYPES.image, second)).toBe(true);
  });

  it("tells the step that failed and what it wrote", async () => {
    await dockerfile(`FROM ${BASE}\nRUN echo before; echo "no such thing"; exit 7\nRUN echo never\n`);
    const message = await at.steps.create(TYPES.image, args()).then(() => "built", String);
    expect(message).toMatch(
      /failed at Step 2\/4 : RUN echo before.*\nbefore\nno such thing\n.*non-zero code: 7$/,
    );
    expect(message).not.toContain("never");
  });
});
