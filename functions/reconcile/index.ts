import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context } from "aws-lambda";
import {
  METRICS_NAMESPACE,
  RECONCILE_SETTINGS_VARIABLE,
  ReconcileSettings,
} from "../../contracts/reconcile-settings.ts";
import { readCatalogue, readSettings } from "../lib/settings.ts";
import { makeReconciler } from "./parts.ts";
import { reconcile } from "./reconcile.ts";

const settings = readSettings(RECONCILE_SETTINGS_VARIABLE, ReconcileSettings);
const reconciler = makeReconciler(settings, readCatalogue(import.meta.dirname));
// Lines in the log that CloudWatch makes metrics of: no permission is needed for it.
const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: settings.pipeline });

/** Started by a schedule. Its result is for who starts it by hand. */
export async function handler(_event: unknown, context: Context): Promise<unknown> {
  const summary = await reconcile(reconciler, context.getRemainingTimeInMillis());
  const { failed, undelivered, stuck, unpublished, left } = summary;
  metrics.addMetric("FailedActs", MetricUnit.Count, failed);
  metrics.addMetric("LeftActs", MetricUnit.Count, left);
  metrics.addMetric("UndeliveredWebhooks", MetricUnit.Count, undelivered);
  metrics.addMetric("StuckBuilds", MetricUnit.Count, stuck);
  metrics.addMetric("UnpublishedReleases", MetricUnit.Count, unpublished);
  metrics.publishStoredMetrics();
  return summary;
}
