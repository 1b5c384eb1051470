import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Tokens } from "../auth.ts";
import type { Router } from "./router.ts";
import type { Store } from "./store.ts";

/** What the emulator's routes call to send an event; `repository` is the bare name. */
export interface EventSink {
  dispatch(
    event: string,
    action: string | undefined,
    payload: unknown,
    owner: string,
    repository?: string,
  ): Promise<void>;
  register(subscription: unknown): unknown;
  unregister(id: number): boolean;
  updateSubscription(id: number, change: unknown): unknown;
  getDeliveries(hook?: number): unknown[];
}

export interface GitHubPlugin {
  register(router: Router, store: Store, events: EventSink, baseUrl: string, tokens: Tokens): void;
  seed(store: Store, baseUrl: string): void;
  seedFromConfig(store: Store, baseUrl: string, config: unknown): void;
}

function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === "function";
}

/**
 * Loads the GitHub service of the npm package `emulate` as a plugin. The package exports only a server that
 * listens on every address, accepts any token as an administrator and allows 5,000 calls an hour; so its routes
 * are registered on a router, store and authentication of our own. Its version is pinned in package.json.
 */
export async function loadPlugin(): Promise<GitHubPlugin> {
  const api = fileURLToPath(import.meta.resolve("emulate"));
  const entries = readFileSync(api, "utf8").matchAll(/import\("\.\/(dist-[A-Z0-9]+\.js)"\)/g);
  for (const [, file] of entries) {
    const path = join(dirname(api), file ?? "");
    if (!readFileSync(path, "utf8").includes("  githubPlugin,\n")) continue;
    const module: Record<string, unknown> = await import(pathToFileURL(path).href);
    const { githubPlugin, seedFromConfig } = module;
    if (typeof githubPlugin !== "object" || githubPlugin === null || !isFunction(seedFromConfig)) break;
    const { register, seed } = githubPlugin as Record<string, unknown>;
    if (!isFunction(register) || !isFunction(seed)) break;
    return { register, seed, seedFromConfig } as GitHubPlugin;
  }
  throw new Error("the npm package emulate has no GitHub service where version 0.11.2 has it: run `npm ci`");
}
