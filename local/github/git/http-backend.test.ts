import { expect, test } from "vitest";
import { parseGitRequest } from "./http-backend.ts";

const parse = (method: string, path: string) => parseGitRequest(method, new URL(path, "http://127.0.0.1"));

test("git's requests are recognized, with and without .git", () => {
  const request = { owner: "hypriot", name: "board.js", action: "/info/refs", service: "git-upload-pack" };
  expect(parse("GET", "/hypriot/board.js.git/info/refs?service=git-upload-pack")).toEqual(request);
  expect(parse("GET", "/hypriot/board.js/info/refs?service=git-upload-pack")).toEqual(request);
  expect(parse("POST", "/hypriot/board/git-receive-pack")).toMatchObject({
    service: "git-receive-pack",
    name: "board",
  });
});

test("other requests are not: the dumb protocol, other services, other methods", () => {
  expect(parse("GET", "/hypriot/board.git/info/refs")).toBeUndefined();
  expect(parse("GET", "/hypriot/board.git/info/refs?service=git-upload-archive")).toBeUndefined();
  expect(parse("GET", "/hypriot/board.git/git-receive-pack")).toBeUndefined();
  expect(parse("GET", "/hypriot/board.git/HEAD")).toBeUndefined();
  expect(parse("GET", "/repos/hypriot/board")).toBeUndefined();
});
