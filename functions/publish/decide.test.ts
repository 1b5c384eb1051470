import { describe, expect, it } from "vitest";
import type { Asset, Release } from "../../clients/github-releases.ts";
import { decide, draftMark, type Observed, type Remembered } from "./decide.ts";
import type { PlannedAsset, ReleasePlan } from "./plan.ts";

const COMMIT = "c".repeat(40);
const A = "a".repeat(64);
const B = "b".repeat(64);

const file = (name: string, sha256: string): PlannedAsset => ({
  name,
  size: 3,
  sha256,
  source: { path: name },
});
const plan: ReleasePlan = {
  tag: "v1.1.0",
  commit: COMMIT,
  preRelease: false,
  assets: [file("one", A), file("two", B)],
};

function release(tag: string, changes: Partial<Release> = {}): Release {
  const shown = { body: "", url: "", publishedAt: undefined, uploadUrl: "" };
  return { id: 1, tag, draft: false, preRelease: false, ...shown, ...changes };
}

function asset(name: string, sha256: string | undefined, changes: Partial<Asset> = {}): Asset {
  return { id: 10, name, state: "uploaded", size: 3, sha256, url: "", ...changes };
}

const draft = release("v1.1.0", { id: 5, draft: true, body: draftMark("v1.1.0") });
const whole = [asset("one", A), asset("two", B, { id: 11 })];
const nothing: Remembered = { githubRelease: undefined, uploaded: {} };

function next(observed: Partial<Observed>, remembered: Partial<Remembered> = {}, of: ReleasePlan = plan) {
  const all = {
    fresh: true,
    tagCommit: COMMIT,
    releases: [draft],
    latestTag: undefined,
    assets: [],
    ...observed,
  };
  return decide(of, all, { ...nothing, ...remembered });
}

describe("before it is published", () => {
  it("makes a draft, of its own", () => {
    expect(next({ releases: [] })).toEqual({ do: "create-draft" });
    const byHand = release("v1.1.0", { draft: true, body: "my notes" });
    expect(next({ releases: [byHand] })).toEqual({ do: "create-draft" });
    const first = { ...draft, id: 4 };
    expect(next({ releases: [draft, first] })).toMatchObject({ do: "upload", draft: first });
    const remembered = release("v1.1.0", { id: 7, draft: true });
    expect(next({ releases: [draft, remembered] }, { githubRelease: 7 })).toMatchObject({
      draft: remembered,
    });
  });

  it("uploads what is missing, in order", () => {
    expect(next({})).toEqual({ do: "upload", draft, file: plan.assets[0] });
    expect(next({ assets: whole.slice(0, 1) })).toEqual({ do: "upload", draft, file: plan.assets[1] });
  });

  it.each<[string, Asset]>([
    ["a wreck", asset("two", undefined, { state: "starter", size: 0 })],
    ["another size", asset("two", B, { size: 4 })],
    ["another digest", asset("two", A)],
    ["no digest, and nobody remembers it", asset("two", undefined)],
    ["what the build did not make", asset("three", A)],
  ])("deletes %s", (_, wrong) => {
    expect(next({ assets: [asset("one", A), wrong] })).toEqual({ do: "delete-asset", asset: wrong });
  });

  it("believes its memory where GitHub tells no digest, for that very asset", () => {
    const assets = [asset("one", A), asset("two", undefined, { id: 11 })];
    const memory = (id: number, sha256: string) => ({ uploaded: { two: { id, sha256 } } });
    expect(next({ assets }, memory(11, B))).toMatchObject({ do: "publish" });
    expect(next({ assets }, memory(12, B))).toMatchObject({ do: "delete-asset" });
    expect(next({ assets }, memory(11, A))).toMatchObject({ do: "delete-asset" });
  });

  it("publishes what it has just looked at", () => {
    expect(next({ assets: whole, fresh: false })).toEqual({ do: "look" });
    expect(next({ assets: whole })).toEqual({ do: "publish", draft, latest: true });
  });

  it.each([
    [["v1.0.0", "v1.0.9", "not-a-version"], true],
    [["v2.0.0"], false],
    [["v1.1.1"], false],
  ])("beside %j: latest %s", (tags, latest) => {
    const releases = [draft, ...tags.map((tag) => release(tag))];
    expect(next({ releases, assets: whole })).toMatchObject({ do: "publish", latest });
  });

  it("takes a pre-release for the latest never, and is not held back by one", () => {
    const tag = "v1.1.0-rc.1";
    const own = { ...draft, tag, body: draftMark(tag) };
    const preRelease = { ...plan, tag, preRelease: true };
    expect(next({ releases: [own], assets: whole }, {}, preRelease)).toMatchObject({ latest: false });
    const later = release("v2.0.0-rc.1", { preRelease: true });
    expect(next({ releases: [draft, later], assets: whole })).toMatchObject({ latest: true });
  });

  it.each([undefined, "d".repeat(40)])("is refused when the tag is at %s, its draft first", (tagCommit) => {
    expect(next({ tagCommit, assets: whole })).toEqual({ do: "delete-draft", draft });
    expect(next({ tagCommit, releases: [] })).toMatchObject({ do: "refuse" });
  });
});

describe("when it is published", () => {
  const published = release("v1.1.0", { id: 5 });

  it("ends, wherever the tag is by now", () => {
    const observed = { releases: [published], assets: whole, latestTag: "v1.1.0" };
    expect(next(observed)).toEqual({ do: "end", release: published });
    expect(next({ ...observed, tagCommit: undefined })).toEqual({ do: "end", release: published });
  });

  it("is never rewritten", () => {
    const step = next({ releases: [published], assets: [asset("one", B), asset("x", A)] });
    expect(step).toEqual({
      do: "refuse",
      problems: [
        "v1.1.0: found an asset one that is not the build's",
        "v1.1.0: found an asset x that is not the build's",
        "v1.1.0: found no asset two",
        "The release was published before and is never rewritten.",
      ],
    });
  });

  it("makes good what two at once did to the latest, and leaves alone what does not concern it", () => {
    const higher = release("v1.2.0", { id: 8 });
    const lower = release("v1.0.0", { id: 3 });
    const releases = [published, lower];
    const observed = { releases, assets: whole };
    expect(next({ ...observed, latestTag: "v1.0.0" })).toEqual({ do: "make-latest", release: published });
    const both = { releases: [published, higher], assets: whole };
    expect(next({ ...both, latestTag: "v1.1.0" })).toEqual({ do: "make-latest", release: higher });
    const three = { releases: [published, higher, lower], assets: whole };
    expect(next({ ...three, latestTag: "v1.0.0" })).toEqual({ do: "end", release: published });
  });
});
