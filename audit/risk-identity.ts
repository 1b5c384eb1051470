import type { Change } from "./changes.ts";
import type { Risk, Unchecked } from "./risk.ts";
import { code, value } from "./text.ts";
import { label } from "./urn.ts";
import { asList, at, decoded, isSecret, isUnknown, type Properties } from "./values.ts";

/** Secrets that become others: what knew the old one must learn the new one. */
export function secretRisks({ type, urn, action, properties }: Change): readonly Risk[] {
  if (action !== "update" && action !== "replace") return [];
  const risk = (what: string): Risk => ({
    kind: "secret",
    severity: "medium",
    urn,
    what,
    where: code(label(urn)),
  });
  if (type === "aws:iam/accessKey:AccessKey" && action === "replace") return [risk("another access key")];
  return properties.flatMap(({ path, old, new: young }) => {
    if (isSecret(old) && young !== undefined && !isSecret(young) && !isUnknown(young)) {
      return { ...risk(`${code(path)} is no longer a secret`), severity: "high" as const };
    }
    if (!SECRETS.test(path)) return [];
    return risk(old === undefined ? `${code(path)} is set` : `another value of ${code(path)}`);
  });
}

/** Properties that are a secret and nothing else. */
const SECRETS = /(^|\.)(secret|secretString|password|token|privateKey)$/i;

/** A property that holds a secret among other things: the engine shows nothing of it. */
export function uncheckedSecrets({ action, urn, properties }: Change): readonly Unchecked[] {
  if (action !== "update" && action !== "replace") return [];
  return properties
    .filter(({ path, old, new: young }) => isSecret(old) && isSecret(young) && !SECRETS.test(path))
    .map(({ path }) => ({
      urn,
      what: `what changes in ${code(path)}`,
      where: code(label(urn)),
      reason: "there is a secret in it, and the engine shows nothing of it",
    }));
}

/** A destroy is no longer refused. */
export function protectRisks({ urn, action, oldState, newState }: Change): readonly Risk[] {
  if (oldState?.protect !== true || newState?.protect === true || action === "forget") return [];
  return [
    {
      kind: "protect",
      severity: "high",
      urn,
      what: "a destroy is no longer refused",
      where: code(label(urn)),
    },
  ];
}

const CONTAINER = "docker:index/container:Container";

const strings = (props: Properties, ...path: readonly string[]) => asList(at(props, ...path)).map(String);

/** What a runner's container may do to its host. */
function containerRisks(old: Properties, young: Properties): readonly string[] {
  const more = (...path: string[]) =>
    strings(young, ...path).filter((item) => !strings(old, ...path).includes(item));
  const less = (...path: string[]) =>
    strings(old, ...path).filter((item) => !strings(young, ...path).includes(item));
  const mounts = (props: Properties) =>
    asList(props.mounts).map((mount) => `${String(at(mount, "source"))} at ${String(at(mount, "target"))}`);
  return [
    ...more("capabilities", "adds").map((name) => `it gets the capability ${code(name)}`),
    ...less("capabilities", "drops").map((name) => `it keeps the capability ${code(name)}`),
    ...less("securityOpts").map((option) => `without ${code(option)}`),
    ...mounts(young)
      .filter((mount) => !mounts(old).includes(mount))
      .map((mount) => `it mounts ${code(mount)}`),
    ...["pidMode", "ipcMode", "usernsMode"]
      .filter((mode) => old[mode] !== "host" && young[mode] === "host")
      .map((mode) => `${mode} is the host's`),
  ];
}

/** The host that builds run on is another one. */
function hostRisk(old: Properties, young: Properties): readonly string[] {
  return old.host === young.host
    ? []
    : [`builds run on another host: ${value(old.host)} → ${value(young.host)}`];
}

/** A setting that a function is given as JSON in its environment. */
function publicLogs(props: Properties): unknown {
  const variables = at(props, "environment", "variables");
  return at(decoded(at(variables, "DISPATCH_SETTINGS")), "publicLogs");
}

/** What changes who is trusted with builds. */
export function runnerRisks({ type, urn, action, old, new: young }: Change): readonly Risk[] {
  if (action !== "update" && action !== "replace") return [];
  const where = code(label(urn));
  if (publicLogs(old) !== true && publicLogs(young) === true) {
    return [{ kind: "public", severity: "medium", urn, what: "anybody may read the builds' logs", where }];
  }
  const what =
    type === CONTAINER
      ? containerRisks(old, young)
      : type === "pulumi:providers:docker"
        ? hostRisk(old, young)
        : [];
  return what.map((text): Risk => ({ kind: "runner", severity: "high", urn, what: text, where }));
}

/** Alarms and dead letters that tell nobody. */
export function monitoringRisks({ type, urn, action, old, new: young }: Change): readonly Risk[] {
  if (action !== "update" && action !== "replace") return [];
  const gone = (key: string) => old[key] !== undefined && young[key] === undefined;
  const texts = [
    ...(type.endsWith(":MetricAlarm") &&
    asList(old.alarmActions).length > 0 &&
    asList(young.alarmActions).length === 0 &&
    !isUnknown(young.alarmActions)
      ? ["the alarm tells nobody"]
      : []),
    ...(type.endsWith(":Queue") && gone("redrivePolicy") ? ["it has no dead-letter queue"] : []),
    ...(type.endsWith(":Function") && gone("deadLetterConfig") ? ["events that keep failing are lost"] : []),
  ];
  return texts.map(
    (what): Risk => ({ kind: "monitoring", severity: "medium", urn, what, where: code(label(urn)) }),
  );
}
