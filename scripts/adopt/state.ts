import { z } from "zod";
import { runCaptured } from "../lib/engine-run.ts";
import type { Session } from "../lib/session.ts";

const exported = z.object({
  deployment: z
    .object({
      resources: z
        .array(z.object({ type: z.string(), inputs: z.object({ name: z.unknown() }).partial().optional() }))
        .nullish(),
    })
    .nullish(),
});

/** The repositories that the stack has in its state, in lower case: they are the program's already. */
export async function managedRepositories(session: Session): Promise<ReadonlySet<string>> {
  const { code, output } = await runCaptured(
    session,
    ["stack", "export", "--stack", session.stack, "--non-interactive"],
    session.local?.projectDir ?? session.root,
  );
  const start = output.indexOf("{");
  if (code !== 0 || start < 0) throw new Error(`the stack's state cannot be read: ${output}`);
  const { deployment } = exported.parse(JSON.parse(output.slice(start)));
  const names = (deployment?.resources ?? []).flatMap(({ type, inputs }) =>
    type === "github:index/repository:Repository" && typeof inputs?.name === "string" ? inputs.name : [],
  );
  return new Set(names.map((name) => name.toLowerCase()));
}
