import { awsEmulatorReady } from "./aws-emulator.js";
import { run, SetupError } from "./process.js";
import { atLeast } from "./version.js";

/** @param {import("./context.js").Context} context */
async function problems(context) {
  const wanted = [{ name: "git", args: ["--version"], least: "2.28", way: "apt install git" }];
  if (!awsEmulatorReady(context)) {
    wanted.push({
      name: "python3",
      args: ["--version"],
      least: "3.10",
      way: "apt install python3 python3-venv",
    });
  }
  const found = await Promise.all(
    wanted.map(async (tool) => {
      const result = await run(tool.name, tool.args, { timeoutSeconds: 20 });
      if (result.code !== 0) return `${tool.name} is missing (${tool.way})`;
      const version = result.stdout.trim();
      return atLeast(version, tool.least)
        ? []
        : `${version} is too old, ${tool.least} or newer is needed (${tool.way})`;
    }),
  );
  return found.flat();
}

/** @type {import("./context.js").Step} */
export const tools = {
  id: "tools",
  title: "tools",
  async missing(context) {
    const found = await problems(context);
    return found.length === 0 ? undefined : found.join("; ");
  },
  async make(context) {
    throw new SetupError(`${(await problems(context)).join("; ")}: install it, then run this again.`);
  },
};
