// Runs inside `git receive-pack`, before any ref is set. Asks the front whether its rules allow the push. The new
// objects are in a quarantine that only git commands with this environment see, so the environment goes along.
const { request } = require("node:http");
const { readFileSync } = require("node:fs");

const body = JSON.stringify({
  ticket: process.env.FRONT_TICKET,
  commands: readFileSync(0, "utf8"),
  environment: Object.fromEntries(
    ["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH"]
      .filter((name) => process.env[name] !== undefined)
      .map((name) => [name, process.env[name]]),
  ),
});

/** @param {string[]} lines */
function refuse(lines) {
  console.error(lines.join("\n"));
  process.exitCode = 1;
}

const outgoing = request(
  { host: "127.0.0.1", port: process.env.FRONT_PORT, path: "/_front/pre-receive", method: "POST" },
  (incoming) => {
    /** @type {Buffer[]} */
    const chunks = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      if (incoming.statusCode !== 200) refuse([`error: the rules could not be checked: ${text}`]);
      else if (JSON.parse(text).refused.length > 0) refuse(JSON.parse(text).refused);
    });
  },
);
outgoing.on("error", (error) => refuse([`error: the rules could not be checked: ${error.message}`]));
outgoing.end(body);
