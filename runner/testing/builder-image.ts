import { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";

/** What scripts/setup makes. */
const BASE = "hypriotos/base:trixie";

/** Plays the builder's part: the repository's own file `play` says what it does, by the command in `$1`. */
const BUILDER = `#!/bin/bash
mkdir -p /dist /build
phase() { echo "==> $1"; }
ended() { echo "    $1: $2 s"; }
report() { # report <name> <examples> <failures>
  local examples='' i status
  for i in $(seq 1 "$2"); do
    if [ "$i" -le "$3" ]; then status='failed","exception":{"message":"expected \\u0060x\\u0060 [y](z)"}'; else status='passed"'; fi
    examples="$examples,{\\"full_description\\":\\"example $i\\",\\"status\\":\\"$status,\\"file_path\\":\\"./spec/a_spec.rb\\",\\"line_number\\":$i,\\"run_time\\":0.1}"
  done
  printf '{"examples":[%s],"summary":{"example_count":%d,"failure_count":%d,"pending_count":0,"errors_outside_of_examples_count":0}}' \\
    "\${examples#,}" "$2" "$3" >"/dist/$1.test.json"
}
. /workspace/play
`;

/** Gives the daemon a builder for tests. */
export async function makeBuilderImage(docker: Docker, name: string): Promise<void> {
  const tar = pack();
  tar.entry({ name: "Dockerfile" }, `FROM ${BASE}\nCOPY builder /opt/builder/builder\nWORKDIR /workspace\n`);
  tar.entry({ name: "builder", mode: 0o755 }, BUILDER);
  tar.finalize();
  const progress = await docker.buildImage(Readable.from(tar), { t: name, forcerm: true });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error: Error | null) => (error ? reject(error) : resolve()));
  });
}
