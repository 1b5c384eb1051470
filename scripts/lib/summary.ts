import { z } from "zod";

const outputsSchema = z.object({
  webhookUrl: z.string().optional(),
  artifactBucket: z.string().optional(),
  buildsTable: z.string().optional(),
  builderImage: z.string().optional(),
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
  const first = outputs.repositories?.rootfs ?? repositories[0]?.[1];
  const lines = [
    "",
    ...(repositories.length === 0 ? [] : ["Repositories:"]),
    ...repositories.map(([name, { cloneUrl }]) => `  ${name.padEnd(width)}  ${cloneUrl}`),
    ...(outputs.webhookUrl === undefined ? [] : [`Webhook:   ${outputs.webhookUrl}`]),
    ...(outputs.artifactBucket === undefined ? [] : [`Artifacts: s3://${outputs.artifactBucket}`]),
    "",
    "Three things to try:",
    ...(first === undefined ? [] : firstSteps(first.cloneUrl, cloudFile)),
    "  3. edit stacks/Pulumi.local.yaml, such as a board's title, and see what that would change:",
    "       npm run preview",
    "",
    "npm run status says how every part is.",
    "npm run down destroys it again.",
  ];
  return lines.join("\n");
}

/** A push to the repository that every image stands on, and how its build goes. */
function firstSteps(cloneUrl: string, cloudFile: string): readonly string[] {
  const { origin, pathname } = new URL(cloneUrl);
  const repository = pathname.slice(1).replace(/\.git$/, "");
  const folder = repository.split("/").at(-1);
  return [
    "  1. build a root filesystem: clone its repository and push a branch",
    `       TOKEN=$(node -p "require('${cloudFile}').github.token")`,
    `       git clone ${cloneUrl.replace("://", "://x-access-token:$TOKEN@")}`,
    `       git -C ${folder} switch -c try`,
    `       git -C ${folder} commit --allow-empty -m try`,
    `       git -C ${folder} push origin try`,
    "  2. see how the build goes, here or in the commit's check run",
    "       npm run status",
    `       curl -s -H "Authorization: Bearer $TOKEN" ${origin}/repos/${repository}/commits/try/check-runs`,
  ];
}
