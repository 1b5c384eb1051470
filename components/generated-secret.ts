import { randomBytes } from "node:crypto";
import { type ComponentResourceOptions, type Output, type Resource, secret } from "@pulumi/pulumi";
import { Stash } from "@pulumi/pulumi/stash.js";

const SECRET_BYTES = 32;

/**
 * A random secret, 64 hex digits, made once and then kept in state, encrypted. A new `version` makes a new one.
 * Each run of the program offers the engine another value; it keeps the first. `formerName` is the name that it was
 * made under, where it has another now.
 */
export function generatedSecret(
  name: string,
  version: number,
  opts: ComponentResourceOptions & { readonly parent: Resource },
  formerName?: string,
): Output<string> {
  const stash = new Stash(
    `${name}-v${version}`,
    { input: secret(randomBytes(SECRET_BYTES).toString("hex")) },
    {
      ...opts,
      ignoreChanges: ["input"],
      aliases: formerName === undefined ? [] : [{ name: `${formerName}-v${version}` }],
    },
  );
  return secret(stash.output).apply(String);
}
