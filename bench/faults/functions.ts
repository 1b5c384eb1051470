import { readdirSync, readFileSync } from "node:fs";
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { DISPATCH_SETTINGS_VARIABLE } from "../../contracts/dispatch-settings.ts";
import { PUBLISH_SETTINGS_VARIABLE } from "../../contracts/publish-settings.ts";
import { ReconcileSummary } from "../../contracts/reconcile-memory.ts";
import { RECONCILE_SETTINGS_VARIABLE } from "../../contracts/reconcile-settings.ts";
import type { TestStack } from "../../tests/support/test-stack.ts";

const VARIABLES = {
  dispatch: DISPATCH_SETTINGS_VARIABLE,
  publish: PUBLISH_SETTINGS_VARIABLE,
  reconcile: RECONCILE_SETTINGS_VARIABLE,
} as const;

type Name = keyof typeof VARIABLES;

/** The stack's functions, as the bench changes, starts and kills them. */
export class BenchFunctions {
  readonly #lambda: LambdaClient;
  readonly #stack: TestStack;

  constructor(stack: TestStack) {
    this.#stack = stack;
    this.#lambda = new LambdaClient(stack.aws);
  }

  /** Changes a function's settings. */
  async change(name: Name, change: Readonly<Record<string, unknown>>, github: string): Promise<void> {
    const FunctionName = this.#nameOf(name);
    const command = new GetFunctionConfigurationCommand({ FunctionName });
    const { Environment } = await this.#lambda.send(command);
    const settings = JSON.parse(Environment?.Variables?.[VARIABLES[name]] ?? "{}");
    const changed = { ...settings, ...change, github: { ...settings.github, apiUrl: github } };
    const Variables = { ...Environment?.Variables, [VARIABLES[name]]: JSON.stringify(changed) };
    await this.#lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
    );
    await waitUntilFunctionUpdatedV2({ client: this.#lambda, maxWaitTime: 60 }, { FunctionName });
  }

  /** Starts reconcile as its schedule does. Undefined where it was killed. */
  async reconcile(): Promise<ReconcileSummary | undefined> {
    const command = new InvokeCommand({ FunctionName: this.#nameOf("reconcile"), Payload: "{}" });
    const { Payload, FunctionError } = await this.#lambda.send(command);
    const text = Buffer.from(Payload ?? []).toString("utf8");
    return FunctionError === undefined ? ReconcileSummary.parse(JSON.parse(text)) : undefined;
  }

  /** The processes that the emulator runs this stack's functions in. */
  processes(): number[] {
    const emulator = this.#stack.cloud.aws.pid;
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1];
          const [program = ""] = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
          return Number(parent) === emulator && program.includes("node") ? [Number(name)] : [];
        } catch {
          // It ended between the listing and the look.
          return [];
        }
      });
  }

  #nameOf(name: Name): string {
    return `hypriot-${this.#stack.name}-${name}`;
  }
}
