import sdk from "@pulumi/github/package.json" with { type: "json" };
import { serveProvider } from "../framework/server.ts";
import { githubProvider } from "./provider.ts";

await serveProvider(githubProvider(sdk.version));
