/** Calls the handler of a bundle once, as Lambda does: `<bundle> <event as JSON> <seconds>`. */
import { pathToFileURL } from "node:url";

const [bundle = "", event = "", seconds] = process.argv.slice(2);
const started = Date.now();
const { handler } = await import(pathToFileURL(bundle).href);
await handler(JSON.parse(event), {
  getRemainingTimeInMillis: () => Number(seconds) * 1000 - (Date.now() - started),
});
