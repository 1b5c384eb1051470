import { reasonOf } from "../../clients/text.ts";
import {
  DOWNLOADS_INDEX_KEY,
  DOWNLOADS_PREFIX,
  type Downloadables,
  type DownloadsSettings,
  OS_LIST_KEY,
} from "../../contracts/downloads.ts";
import type { PublishedRelease } from "../../contracts/published-release.ts";
import { logger } from "../lib/logger.ts";
import { readPublishedRelease } from "../lib/published-release.ts";
import { releaseProblems } from "./check.ts";
import { downloadsIndex, imagerList, type Newest } from "./documents.ts";
import { candidates } from "./newest.ts";
import { type DownloadsStore, Overtaken } from "./store.ts";

export interface Rebuild {
  readonly store: DownloadsStore;
  readonly settings: DownloadsSettings;
  readonly downloadables: Downloadables;
}

/** What was made of the bucket. */
export interface Rebuilt {
  /** Documents that were read and are in it. */
  readonly releases: number;
  /** Documents that are none, by key. */
  readonly skipped: readonly string[];
  /** Keys that were written: none where nothing was new. */
  readonly written: readonly string[];
}

/** How often a run starts anew because others wrote meanwhile. Whoever is overtaken so often fails, and comes again. */
const ROUNDS = 10;

/** The first of the documents that is what it should be. Those before it are told, and left out. */
async function firstGood(
  { store, settings }: Rebuild,
  keys: readonly string[],
  skipped: string[],
): Promise<PublishedRelease | undefined> {
  for (const key of keys) {
    try {
      const release = await readPublishedRelease(store.s3, store.bucket, key);
      const problems = releaseProblems(release, settings);
      if (problems.length === 0) return release;
      throw new Error(`${key}: ${problems.join("; ")}`);
    } catch (error) {
      if (isService(error)) throw error;
      logger.error("release left out", { key, reason: reasonOf(error) });
      skipped.push(key);
    }
  }
  return undefined;
}

/** An error of S3's says nothing about the document. */
function isService(error: unknown): boolean {
  return error instanceof Error && "$metadata" in error;
}

async function newestReleases(
  run: Rebuild,
  skipped: string[],
): Promise<{ readonly newest: ReadonlyMap<string, Newest>; readonly releases: number }> {
  const keys = await run.store.list("releases/");
  const newest = new Map<string, Newest>();
  let releases = 0;
  for (const [repository, { finals, preReleases }] of candidates([...keys.keys()])) {
    if (!Object.hasOwn(run.downloadables, repository)) continue;
    const latest = await firstGood(run, finals, skipped);
    const preRelease = await firstGood(run, preReleases, skipped);
    newest.set(repository, { latest, preRelease });
    releases += [latest, preRelease].filter((release) => release !== undefined).length;
  }
  return { newest, releases };
}

async function once(run: Rebuild): Promise<Rebuilt> {
  const { store, settings, downloadables } = run;
  // Before the releases: a run that saw fewer of them than another cannot overwrite what that one wrote.
  const etags = await store.list(`${DOWNLOADS_PREFIX}/`);
  const skipped: string[] = [];
  const { newest, releases } = await newestReleases(run, skipped);
  const documents = {
    [DOWNLOADS_INDEX_KEY]: downloadsIndex(settings.organization, downloadables, newest),
    [OS_LIST_KEY]: imagerList(settings.webUrl, downloadables, newest),
  };
  const written: string[] = [];
  for (const [key, document] of Object.entries(documents)) {
    const text = `${JSON.stringify(document, undefined, 2)}\n`;
    const etag = etags.get(key);
    const before = etag === undefined ? undefined : await store.read(key, etag);
    if (before?.text === text) continue;
    await store.write(key, text, before);
    written.push(key);
  }
  return { releases, skipped, written };
}

/**
 * Makes `index.json` and `os_list.json` anew of the `release.json` documents in the bucket. Runs at the same time end
 * with what all of them saw: who is overtaken starts anew.
 */
export async function rebuild(run: Rebuild): Promise<Rebuilt> {
  for (let round = 1; ; round += 1) {
    try {
      const rebuilt = await once(run);
      const { releases, skipped, written } = rebuilt;
      logger.info("downloads", { releases, skipped: skipped.length, written });
      return rebuilt;
    } catch (error) {
      if (!(error instanceof Overtaken) || round >= ROUNDS) throw error;
    }
  }
}
