import { COMMENT_BUDGET, renderMarkdown } from "../audit/markdown.ts";
import type { PipelineConfig } from "../infra/config/model.ts";
import { githubApiUrl } from "../infra/plan.ts";
import { OrganizationReader } from "./adopt/github.ts";
import { judge, type Verdict } from "./adopt/judge.ts";
import { plannedFrom, settingsFrom, strangers } from "./adopt/planned.ts";
import { managedRepositories } from "./adopt/state.ts";
import { adoptionText } from "./adopt/text.ts";
import { parseArguments } from "./lib/arguments.ts";
import { log, main } from "./lib/command.ts";
import { previewReport } from "./lib/preview-report.ts";
import { openSession, openStackFile, type Session } from "./lib/session.ts";
import { checkStackFile } from "./lib/stack-check.ts";

/** As for an audit: something is not as it may be. */
const REFUSED = 3;

function reader(session: Session, config: PipelineConfig): OrganizationReader {
  const token = session.env.GITHUB_TOKEN;
  if (token === undefined || token === "") {
    throw new Error("GITHUB_TOKEN: found nothing, expected a token of the GitHub App, as `up` needs it");
  }
  return new OrganizationReader({
    owner: config.organization.name,
    baseUrl: githubApiUrl(config.providers.github.baseUrl),
    token,
    app: config.githubApp.slug,
  });
}

async function survey(github: OrganizationReader, session: Session, config: PipelineConfig) {
  const managed = await managedRepositories(session);
  const all = plannedFrom(config);
  const settings = settingsFrom(config);
  const verdicts: Verdict[] = [];
  for (const planned of all.filter(({ repository }) => !managed.has(repository.toLowerCase()))) {
    const existing = await github.repository(planned.repository, [...planned.files.keys()]);
    verdicts.push(judge(planned, existing, settings));
  }
  const unmanaged = (await github.repositories()).filter((name) => !managed.has(name.toLowerCase()));
  return { verdicts, others: strangers(unmanaged, all) };
}

/**
 * `npm run adopt [-- --stack <name>]`: which repositories of the organization `up` would take over, what of them would
 * stay and what would change, and what must be put right first. Reads only. Exit code 0: `up` may be run; 3: refused.
 */
await main(async () => {
  const args = parseArguments(process.argv.slice(2));
  const { root, text } = openStackFile(args);
  const config = checkStackFile(root, args.stack, text);
  const session = await openSession(args, log);
  const { verdicts, others } = await survey(reader(session, config), session, config);
  process.stdout.write(`${adoptionText(config.organization.name, verdicts, others)}\n`);

  const report = await previewReport(session, config, { stack: args.stack }, args.rest);
  process.stdout.write(renderMarkdown(report, { budget: COMMENT_BUDGET }));
  const refused = verdicts
    .filter(({ refusals }) => refusals.length > 0)
    .map(({ planned }) => planned.repository);
  const stopping = report.outcome !== "clean" && report.outcome !== "changes";
  const verdict =
    refused.length > 0 || stopping
      ? `Refused: ${[...refused, ...(stopping ? [`the preview (${report.outcome})`] : [])].join(", ")}. See above; then run this again.`
      : `Nothing is deleted or replaced. Next: npm run up -- --stack ${args.stack}`;
  process.stdout.write(`\n${verdict}\nNothing was written to GitHub or AWS.\n`);
  return refused.length > 0 || stopping ? REFUSED : 0;
});
