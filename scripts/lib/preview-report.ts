import { readPreview } from "../../audit/changes.ts";
import { parseEvents } from "../../audit/events.ts";
import { makeReport, type Report, type ReportContext } from "../../audit/report.ts";
import type { PipelineConfig } from "../../infra/config/model.ts";
import { recordPreview } from "./audit-run.ts";
import { policyConfig, policyOptions } from "./policy-options.ts";
import type { Session } from "./session.ts";

/** Previews, judged by the policies, and makes a report of it. One that fails has a report too. */
export async function previewReport(
  session: Session,
  config: PipelineConfig,
  context: Omit<ReportContext, "levels" | "failure">,
  options: readonly string[],
): Promise<Report> {
  const { log, failure } = await recordPreview(session, [...policyOptions(session, config), ...options]);
  const levels = Object.fromEntries(
    Object.entries(policyConfig(config)).flatMap(([name, { enforcementLevel }]) =>
      enforcementLevel === undefined ? [] : [[name, enforcementLevel]],
    ),
  );
  return makeReport(readPreview(parseEvents(log)), {
    ...context,
    levels,
    ...(failure === undefined ? {} : { failure }),
  });
}
