import { expect, it } from "vitest";
import { programOutputs, upSummary } from "./summary.ts";

const repositories = {
  rootfs: {
    cloneUrl: "http://127.0.0.1:4580/hypriot/os-rootfs.git",
    htmlUrl: "http://127.0.0.1:4580/hypriot/os-rootfs",
  },
  "raspberry-pi": {
    cloneUrl: "http://127.0.0.1:4580/hypriot/image-builder-rpi.git",
    htmlUrl: "http://127.0.0.1:4580/hypriot/image-builder-rpi",
  },
};

it("reads the exports and leaves out what is missing, secret or of another shape", () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "…" };
  expect(
    programOutputs({ webhookUrl: "http://w", artifactBucket: secret, queues: 7, repositories, other: 1 }),
  ).toEqual({
    webhookUrl: "http://w",
    repositories,
  });
});

it("ends with clone URLs, the webhook and three things to try", () => {
  const text = upSummary(
    { webhookUrl: "http://w", artifactBucket: "artifacts", repositories },
    "./.local/cloud.json",
  );
  expect(text).toBe(`
Repositories:
  rootfs        http://127.0.0.1:4580/hypriot/os-rootfs.git
  raspberry-pi  http://127.0.0.1:4580/hypriot/image-builder-rpi.git
Webhook:   http://w
Artifacts: s3://artifacts

Three things to try:
  1. build a root filesystem: clone its repository and push a branch
       TOKEN=$(node -p "require('./.local/cloud.json').github.token")
       git clone http://x-access-token:$TOKEN@127.0.0.1:4580/hypriot/os-rootfs.git
       git -C os-rootfs switch -c try
       git -C os-rootfs commit --allow-empty -m try
       git -C os-rootfs push origin try
  2. see how the build goes, here or in the commit's check run
       npm run status
       curl -s -H "Authorization: Bearer $TOKEN" http://127.0.0.1:4580/repos/hypriot/os-rootfs/commits/try/check-runs
  3. edit stacks/Pulumi.local.yaml, such as a board's title, and see what that would change:
       npm run preview

npm run status says how every part is.
npm run down destroys it again.`);
});
