import { z } from "zod";

const outputsSchema = z.object({
  webhookUrl: z.string().optional(),
  artifactBucket: z.string().optional(),
  queues: z.record(z.string(), z.string()).optional(),
  runners: z.record(z.string(), z.string()).optional(),
  repositories: z.record(z.string(), z.object({ cloneUrl: z.string(), htmlUrl: z.string() })).optional(),
});

/** What the program exports, as far as commands show it. */
export type ProgramOutputs = z.infer<typeof outputsSchema>;

/** Reads the program's exports; what is missing or of another shape is left out, as before the first `up`. */
export function programOutputs(outputs: Readonly<Record<string, unknown>>): ProgramOutputs {
  const known = Object.keys(outputsSchema.shape).map((key) => {
    const shape = outputsSchema.shape[key as keyof typeof outputsSchema.shape];
    const value = shape.safeParse(outputs[key]);
    return [key, value.success ? value.data : undefined];
  });
  return Object.fromEntries(known.filter(([, value]) => value !== undefined)) as ProgramOutputs;
}

/** What `npm run up` ends with: what is there now, and three things to try. */
export function upSummary(outputs: ProgramOutputs, cloudFile: string): string {
  const repositories = Object.entries(outputs.repositories ?? {});
  const width = Math.max(0, ...repositories.map(([name]) => name.length));
  const first = outputs.repositories?.["raspberry-pi"] ?? repositories[0]?.[1];
  const token = `$(node -p "require('${cloudFile}').github.token")`;
  const lines = [
    "",
    ...(repositories.length === 0 ? [] : ["Repositories:"]),
    ...repositories.map(([name, { cloneUrl }]) => `  ${name.padEnd(width)}  ${cloneUrl}`),
    ...(outputs.webhookUrl === undefined ? [] : [`Webhook:   ${outputs.webhookUrl}`]),
    ...(outputs.artifactBucket === undefined ? [] : [`Artifacts: s3://${outputs.artifactBucket}`]),
    "",
    "Three things to try:",
    ...(first === undefined
      ? []
      : [
          "  clone a board, push a branch and see GitHub deliver the webhook (password: the token):",
          `    TOKEN=${token}`,
          `    git clone ${withToken(first.cloneUrl)}`,
        ]),
    "  see how every part is:        npm run status",
    "  see what a change would do:   edit stacks/Pulumi.local.yaml, then npm run preview",
    "",
    "npm run down destroys it again.",
  ];
  return lines.join("\n");
}

/** A clone URL that takes the shell variable TOKEN for a password. */
function withToken(cloneUrl: string): string {
  return cloneUrl.replace(/^(https?:\/\/)/, "$1x-access-token:$TOKEN@");
}
