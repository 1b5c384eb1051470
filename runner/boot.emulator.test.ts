import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { RunnerStand } from "./testing/stand.ts";

/** A board whose boot does what `boot` says. */
const play = (boot: string) => `
case $1 in
  build) echo image >/dist/image.img.zst ;;
  test) report image 3 0 ;;
  boot) phase boot; echo console >/dist/image.boot.log; ${boot} ;;
esac`;

let stand: RunnerStand;

beforeAll(async () => {
  stand = await RunnerStand.start();
});

afterAll(() => stand?.close());

afterEach(async () => {
  expect(await stand.containers()).toEqual([]);
});

test("an image is booted after its tests where the job says so, and its examples count", async () => {
  const job = await stand.submit(await stand.commit({ play: play("report image.boot 2 0") }), {
    bootTest: true,
  });
  expect(await stand.work()).toBe("success");
  expect(await stand.manifest(job)).toMatchObject({ result: "success", tests: { examples: 5, failures: 0 } });
  expect(await stand.objects(job)).toContain("image.boot.log");
  const report: unknown = JSON.parse(await stand.object(job, "test-report.json"));
  const suites = ["image", "image", "image", "image.boot", "image.boot"];
  expect(report).toMatchObject({ examples: suites.map((suite) => ({ suite })) });
});

test("an image is not booted where the job says nothing of it", async () => {
  const job = await stand.submit(await stand.commit({ play: play("exit 1"), note: "not booted" }));
  expect(await stand.work()).toBe("success");
  expect(await stand.objects(job)).not.toContain("image.boot.log");
});

test("a boot whose examples fail is a failure that names them, with the image and the console's log kept", async () => {
  const commit = await stand.commit({ play: play("report image.boot 2 1; exit 1") });
  const job = await stand.submit(commit, { bootTest: true });
  expect(await stand.work()).toBe("failure");
  expect(await stand.manifest(job)).toMatchObject({ cause: "tests", reason: "1 of 5 tests failed" });
  expect(await stand.objects(job)).toEqual(expect.arrayContaining(["image.img.zst", "image.boot.log"]));
  const { output } = await stand.check(job);
  expect(output.summary).toContain("example 1 (`image.boot: ./spec/a_spec.rb:1`)");
});

test("an image that does not come up is a failure with the builder's own words", async () => {
  const said = 'echo "error: boot: found a machine that ended, expected one that starts OpenSSH" >&2; exit 1';
  const job = await stand.submit(await stand.commit({ play: play(said) }), { bootTest: true });
  expect(await stand.work()).toBe("failure");
  expect(await stand.manifest(job)).toMatchObject({
    cause: "tests",
    reason: "the image did not boot",
    problems: ["boot: found a machine that ended, expected one that starts OpenSSH"],
    tests: { examples: 3, failures: 0 },
  });
  expect(await stand.objects(job)).toContain("image.boot.log");
});
