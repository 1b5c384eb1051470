import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createFront } from "./front.ts";
import type { GitHubDescription } from "./seed.ts";
import { handle } from "./server.ts";

const USAGE = "usage: node --import tsx local/github/main.ts --port N --state <folder> --organization <name>";

function readArguments() {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      state: { type: "string" },
      organization: { type: "string" },
    },
  });
  const port = Number(values.port);
  const problems = [
    ...(Number.isInteger(port) && port > 0 && port < 65536
      ? []
      : [`--port: found ${values.port ?? "nothing"}, expected a number from 1 to 65535`]),
    ...(values.state === undefined ? ["--state: found nothing, expected a folder"] : []),
    ...(/^[a-z\d](?:[a-z\d-]{0,37}[a-z\d])?$/i.test(values.organization ?? "")
      ? []
      : [`--organization: found ${values.organization ?? "nothing"}, expected a GitHub organization's name`]),
  ];
  return { port, state: resolve(values.state ?? ""), organization: values.organization ?? "", problems };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((listening) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      console.error(taken ? `port ${port} on 127.0.0.1 is taken by another program` : error.message);
      process.exit(3);
    });
    server.listen(port, "127.0.0.1", listening);
  });
}

/** The address of a process that serves the same state already, on whatever port. */
async function servedAt(state: string): Promise<string | undefined> {
  const file = join(state, "github.json");
  if (!existsSync(file)) return undefined;
  const { baseUrl }: Pick<GitHubDescription, "baseUrl"> = JSON.parse(readFileSync(file, "utf8"));
  const health = await fetch(`${baseUrl}/_health`).then(
    (response) => response.json(),
    () => undefined,
  );
  const serves: unknown =
    typeof health === "object" && health !== null ? Reflect.get(health, "state") : undefined;
  return serves === state ? baseUrl : undefined;
}

async function main(): Promise<void> {
  const { port, state, organization, problems } = readArguments();
  if (problems.length > 0) {
    console.error([...problems, USAGE].join("\n"));
    process.exit(2);
  }
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const other = await servedAt(state);
  if (other !== undefined && !other.endsWith(`:${port}`)) {
    console.error(`${state} is served at ${other} already`);
    process.exit(3);
  }
  const baseUrl = `http://127.0.0.1:${port}`;
  // The port is taken first: a second process must not touch the state of the first.
  const server = createServer();
  await listen(server, port);
  const opening = createFront(state, baseUrl, organization);
  server.on("request", (incoming, outgoing) => {
    opening.then((front) => handle(front, incoming, outgoing)).catch(() => outgoing.destroy());
  });
  const front = await opening;
  console.log(
    JSON.stringify({ ready: true, baseUrl, pid: process.pid, description: join(state, "github.json") }),
  );
  const stop = () => {
    // The port is held until all is kept: the next process on it must find a whole state.
    front.persistence.close();
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
