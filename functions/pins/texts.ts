import type { CheckRunState } from "../../clients/github-repository.ts";
import { markdown, markdownLine } from "../lib/markdown.ts";
import type { PinChange, Pins } from "./edit.ts";
import type { Dependency, PinnedRelease } from "./release.ts";

type Named = Pick<PinnedRelease, "dependency" | "tag" | "kernelPackage">;

const TITLES: Readonly<Record<Dependency, string>> = {
  kernel: "kernel",
  rootfs: "root filesystem",
};
const LINE = 500;

/** An address that this program made or checked, so that it ends where it ends. */
const address = (url: string) => url.replaceAll("(", "%28").replaceAll(")", "%29");

/** Which release a pull request or a comment is about: found again in its text. */
export function mark({ dependency, tag, kernelPackage }: Named): string {
  // A board can come to pin another kernel, with versions of its own.
  const what = kernelPackage === undefined ? dependency : `${dependency} ${kernelPackage}`;
  return `<!-- hypriotos:pins ${what} ${tag} -->`;
}

export function title({ dependency, tag }: Named): string {
  return `Pin ${TITLES[dependency]} ${tag}`;
}

export function commitMessage(release: PinnedRelease): string {
  return `${title(release)}\n\n${release.url}`;
}

function changeLine({ architecture, before, after }: PinChange): string {
  const from =
    before === undefined
      ? "nothing was pinned"
      : `\`${before.sha256}\` from ${markdownLine(before.url, LINE)}`;
  return `- ${architecture}\n  - before: ${from}\n  - now: \`${after.sha256}\` from ${markdownLine(after.url, LINE)}`;
}

/** The text of a pull request. Whatever stood in `versions.json` is text there and nothing more. */
export function body(release: PinnedRelease, changes: readonly PinChange[]): string {
  const { dependency, tag, url } = release;
  return [
    `The ${TITLES[dependency]} ${markdown(tag)} is released: [release and notes](${address(url)}). This pins it, by its address and SHA-256:`,
    "",
    ...changes.map(changeLine),
    "",
    "The image is built and tested with it as with any change. Closed, this is not proposed again for this version; the next release is. A branch with commits of others is left as it is.",
    "",
    mark(release),
  ].join("\n");
}

/** What to write where the pipeline cannot. */
function byHand({ dependency }: Named, pins: Pins): string[] {
  return ["```json", JSON.stringify({ [dependency]: pins }, undefined, 2), "```"];
}

/** On a pull request whose branch others worked on. */
export function occupiedComment(release: PinnedRelease, pins: Pins): string {
  return [
    `The ${TITLES[release.dependency]} ${markdown(release.tag)} is released: [release and notes](${address(release.url)}). This branch has commits that are not the pipeline's, so it is left as it is. To pin it here:`,
    "",
    ...byHand(release, pins),
    "",
    mark(release),
  ].join("\n");
}

/** On the newest commit of a board that a release cannot be pinned in. */
export function unpinnedText(release: PinnedRelease, pins: Pins, problems: readonly string[]): CheckRunState {
  return {
    status: "completed",
    conclusion: "action_required",
    title: `The ${TITLES[release.dependency]} ${release.tag} is not pinned`,
    summary: [
      ...problems.map((problem) => `- ${markdownLine(problem, LINE)}`),
      "",
      `The next release is proposed again. To pin [this one](${address(release.url)}) by hand, in \`versions.json\`:`,
      "",
      ...byHand(release, pins),
    ].join("\n"),
  };
}
