import { serveLanguageHost } from "./language-host.ts";

// The engine starts a language host with its own address as the last argument and reads the port from stdout.
const engine = process.argv.at(-1) ?? "";
export const ready = serveLanguageHost(engine).then((port) => console.log(port));
