import { CloudError, type Log } from "../../local/cloud/types.ts";

// The lock file pins versions of the AWS SDK that run on Node 20; what later ones will want is nobody's business here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** One line for the person in front of the terminal; standard output stays free for what a command answers. */
export const log: Log = (line) => void process.stderr.write(`${line}\n`);

/** Whether an error is said with its message alone; a defect of the project itself (a TypeError and the like) is not. */
export function isExpected(error: unknown): error is Error {
  return error instanceof CloudError || (error instanceof Error && error.constructor === Error);
}

/**
 * Runs a command's body: its number is the exit code, an error is shown as its message alone. What is a defect of the
 * project itself (a TypeError and the like) keeps its stack.
 */
export async function main(body: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await body();
  } catch (error) {
    const text = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${isExpected(error) ? error.message : text}\n`);
    process.exitCode = 1;
  }
}
