import { existsSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

/** Where a stack that lives on this machine expects its clouds, and whose repositories it makes. */
export interface LocalSettings {
  readonly aws: { readonly endpoint: string; readonly region: string };
  readonly github: { readonly baseUrl: string };
  readonly organization: string;
}

const loopback = z
  .url({ message: "expected http://127.0.0.1:<port>" })
  .refine((text) => isLoopback(text) && new URL(text).port !== "", "expected http://127.0.0.1:<port>")
  .transform((text) => text.replace(/\/$/, ""));

const settingsSchema = z.object({
  "hypriotos:organization": z.object({ name: z.string("expected the organization's name") }),
  "hypriotos:providers": z.object({
    aws: z.object({ endpoint: loopback, region: z.string("expected an AWS region") }),
    github: z.object({ baseUrl: loopback }),
  }),
});

const providersSchema = z.object({
  config: z.object({
    "hypriotos:providers": z.object({
      aws: z.object({ endpoint: z.string() }).optional(),
      github: z.object({ baseUrl: z.string() }).optional(),
    }),
  }),
});

function isLoopback(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === "http:" && new URL(text).hostname === "127.0.0.1";
}

/**
 * What the local cloud has to know of a stack file; nothing when the stack lives elsewhere. It lives on this machine
 * when it names an endpoint on loopback for AWS or for GitHub.
 *
 * @throws {Error} with one line per value that is wrong
 */
export function localSettings(text: string): LocalSettings | undefined {
  const document: unknown = parse(text);
  const providers = providersSchema.safeParse(document);
  if (!providers.success) return undefined;
  const { aws, github } = providers.data.config["hypriotos:providers"];
  if (!isLoopback(aws?.endpoint ?? "") && !isLoopback(github?.baseUrl ?? "")) return undefined;
  const settings = z.object({ config: settingsSchema }).safeParse(document);
  if (!settings.success) {
    throw new Error(
      settings.error.issues.map(({ path, message }) => `${path.slice(1).join(".")}: ${message}`).join("\n"),
    );
  }
  const { "hypriotos:organization": organization, "hypriotos:providers": where } = settings.data.config;
  return { ...where, organization: organization.name };
}

/** The text of a stack file; a sentence that names the stacks there are when there is none of that name. */
export function readStackFile(file: string, stacks: readonly string[]): string {
  if (existsSync(file)) return readFileSync(file, "utf8");
  throw new Error(`${file} does not exist: the stacks here are ${stacks.join(", ")}`);
}
