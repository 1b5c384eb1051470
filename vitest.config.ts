import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "{audit,infra,components,contracts,clients,functions,runner,builder,scripts,local,policies}/**/*.test.ts",
          ],
          exclude: ["**/*.emulator.test.ts", "**/node_modules/**"],
          env: { POWERTOOLS_LOG_LEVEL: "SILENT" },
        },
      },
      {
        // What needs an emulator, a Docker daemon or the engine: one file at a time on two cores.
        test: {
          name: "stack",
          include: ["tests/**/*.test.ts", "**/*.emulator.test.ts"],
          exclude: ["tests/pipeline/**", "**/node_modules/**"],
          fileParallelism: false,
          maxConcurrency: 3,
          // The lock file pins versions of the AWS SDK that run on Node 20.
          env: {
            AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
            POWERTOOLS_LOG_LEVEL: "SILENT",
          },
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        // All of it, with real builds: minutes, so it is a command of its own.
        test: {
          name: "pipeline",
          include: ["tests/pipeline/**/*.test.ts"],
          fileParallelism: false,
          bail: 1,
          env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
        },
      },
    ],
  },
});
