import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { Context, compileRoute, HttpError, Router } from "./router.ts";

const context = (method: string, path: string) =>
  new Context(new IncomingMessage(new Socket()), method, new URL(path, "http://127.0.0.1"));

test("parameters match one part, or their own pattern, and nothing is special by accident", () => {
  const { pattern, names } = compileRoute("/repos/:owner/a.b/:ref{.+}/x/:id{\\d+}");
  expect(names).toEqual(["owner", "ref", "id"]);
  expect(pattern.exec("/repos/o/a.b/heads/main/x/12")?.slice(1)).toEqual(["o", "heads/main", "12"]);
  expect(pattern.test("/repos/o/axb/heads/x/12")).toBe(false);
  expect(pattern.test("/repos/o/p/a.b/heads/x/12")).toBe(false);
  expect(pattern.test("/repos/o/a.b/heads/x/twelve")).toBe(false);
});

test("the first route answers, and can ask the next, each with its own parameters", async () => {
  const router = new Router();
  router.get("/a/:first", async (current, next) => {
    const reply = await next();
    return current.text(`${current.req.param("first")} ${String(reply?.body)}`);
  });
  router.get("/a/:second", (current) => current.text(`second ${current.req.param("second")}`));
  const reply = await router.handle(context("GET", "/a/x%2Fy"));
  expect(reply).toMatchObject({ status: 200, body: expect.stringContaining("second x/y") });
});

test("HEAD is answered as GET; what nobody answers is not found", async () => {
  const router = new Router();
  router.get("/a", (current) => current.json({}));
  expect((await router.handle(context("HEAD", "/a"))).status).toBe(200);
  await expect(router.handle(context("POST", "/a"))).rejects.toEqual(new HttpError(404, "Not Found"));
});
