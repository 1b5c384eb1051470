import type { Case } from "./judged-documents.ts";

const rootfs = { version: 1, release: "trixie", architectures: ["arm64"] };
const ofRootfs = (docker: unknown, ...fields: string[]): Case => ({
  file: "rootfs",
  text: JSON.stringify({ ...rootfs, docker }),
  fields,
});
const dockers = {
  source: "docker",
  url: "https://download.docker.com/linux/debian",
  channel: "stable",
  key: { url: "https://download.docker.com/linux/debian/gpg", sha256: "a".repeat(64) },
  architectures: ["arm64", "armhf"],
};
const ofDocker = (change: object, ...fields: string[]): Case =>
  ofRootfs({ ...dockers, ...change }, ...fields.map((field) => `docker.${field}`));
const ofDockerUrl = (url: string, good: "good" | "bad") =>
  ofDocker({ url }, ...(good === "good" ? [] : ["url"]));
const ofRootfsVersions = (change: object, ...fields: string[]): Case => ({
  file: "rootfs-versions",
  text: JSON.stringify({ version: 1, docker: {}, ...change }),
  fields,
});
const ofEngine = (engine: unknown, good: "good" | "bad") =>
  ofRootfsVersions({ docker: { arm64: { engine } } }, ...(good === "good" ? [] : ["docker.arm64.engine"]));

/** `docker` of rootfs.json, and versions.json of the rootfs repository. */
export const dockerCases: readonly Case[] = [
  ofRootfs({ source: "debian" }),
  ofRootfs({ source: "debian", channel: "stable" }, "docker.channel"),
  ofRootfs("debian", "docker"),
  ofRootfs(null, "docker"),
  ofRootfs({}, "docker.source"),
  ofRootfs({ source: "ubuntu" }, "docker.source"),
  ofDocker({}),
  ofDocker({ key: { ...dockers.key, url: "keys/docker.asc" }, channel: "test" }),
  ofDockerUrl("http://127.0.0.1:8000/debian", "good"),
  ofDockerUrl("https://mirror.example.org/docker-ce/linux/debian", "good"),
  ofDockerUrl("https://download.docker.com/linux/debian/", "bad"),
  ofDockerUrl("https://download.docker.com", "bad"),
  ofDockerUrl("https://user:secret@download.docker.com/linux/debian", "bad"),
  ofDockerUrl('https://a"b/linux', "bad"),
  ofDockerUrl("https://example.org/a b", "bad"),
  ofDockerUrl("https://example.org/a\nSuites: sid", "bad"),
  ofDockerUrl("file:///srv/debian", "bad"),
  ofDocker({ channel: "nightly" }, "channel"),
  ofDocker({ key: "gpg" }, "key"),
  ofDocker({ key: { url: "https://example.org/gpg" } }, "key.sha256"),
  ofDocker({ key: { ...dockers.key, sha256: "A".repeat(64) } }, "key.sha256"),
  ofDocker({ key: { ...dockers.key, url: "../gpg" } }, "key.url"),
  ofDocker({ key: { ...dockers.key, url: "s3://some-bucket/builds/gpg" } }, "key.url"),
  ofDocker({ key: { ...dockers.key, fingerprint: "9DC8" } }, "key.fingerprint"),
  ofDocker({ architectures: [] }, "architectures"),
  ofDocker({ architectures: "arm64" }, "architectures"),
  ofDocker({ architectures: ["armel"] }, "architectures[0]"),
  ofDocker({ architectures: ["arm64", "arm64"] }, "architectures[1]"),
  ofDocker({ suite: "trixie" }, "suite"),
  ofRootfsVersions({}),
  ofRootfsVersions({ docker: { arm64: {}, armel: { compose: "2.26.1-4" } } }),
  ofRootfsVersions({ version: 2 }, "version"),
  ofRootfsVersions({ docker: undefined }, "docker"),
  ofRootfsVersions({ docker: [] }, "docker"),
  ofRootfsVersions({ docker: { mips: {} } }, "docker.mips"),
  ofRootfsVersions({ docker: { arm64: "26" } }, "docker.arm64"),
  ofRootfsVersions({ docker: { arm64: { runc: "1" } } }, "docker.arm64.runc"),
  ofRootfsVersions(
    { docker: { arm64: { compose: null, containerd: 2 } } },
    "docker.arm64.compose",
    "docker.arm64.containerd",
  ),
  ofRootfsVersions({ rootfs: {} }, "rootfs"),
  ofEngine("26.1.5+dfsg1-9+deb13u1+b1", "good"),
  ofEngine("5:28.5.1-1~debian.13~trixie", "good"),
  ofEngine("26", "good"),
  ofEngine("26.*", "bad"),
  ofEngine("docker.io=26", "bad"),
  ofEngine("", "bad"),
  ofEngine("latest", "bad"),
  ofEngine("26.1.5\n", "bad"),
  ofEngine("26 -o APT::x=y", "bad"),
  ofEngine("1".repeat(101), "bad"),
];
