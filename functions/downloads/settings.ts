import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  DOWNLOADABLES_FILE,
  DOWNLOADS_SETTINGS_VARIABLE,
  Downloadables,
  DownloadsSettings,
} from "../../contracts/downloads.ts";
import { environment } from "../lib/environment.ts";
import { parseDocument } from "../lib/read-document.ts";

/** What the function was deployed with. Throws one error that names everything wrong. */
export function readSettings(): DownloadsSettings {
  const { [DOWNLOADS_SETTINGS_VARIABLE]: text } = environment([DOWNLOADS_SETTINGS_VARIABLE]);
  return parseDocument(DOWNLOADS_SETTINGS_VARIABLE, text, DownloadsSettings, "settings");
}

/** What can be downloaded. `folder` is the code's. */
export function readDownloadables(folder: string): Downloadables {
  const text = readFileSync(join(folder, DOWNLOADABLES_FILE), "utf8");
  return parseDocument(DOWNLOADABLES_FILE, text, Downloadables, "a list of repositories");
}
