/**
 * Changes that no stack file makes: recorded events with one thing in them edited, as a change of the program would.
 * Each says what it edits. Policy events are not edited: what the pack would say, its own tests say.
 */
import type { EngineEvent, Step } from "../events.ts";
import { nameOf, shortType, typeOf } from "../urn.ts";
import { isObject } from "../values.ts";

type Events = readonly EngineEvent[];

/** Recorded events by the scenario's name. */
export type Recordings = (name: string) => Events;

/** An event of each resource that is made when the whole pipeline is made, to be edited into another step. */
function created(recordings: Recordings, type: string, name?: string): Step {
  const steps = recordings("first-up").flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
  const found = steps.find(
    ({ urn, op }) =>
      op === "create" && shortType(typeOf(urn)) === type && (name === undefined || nameOf(urn) === name),
  );
  if (found === undefined) throw new Error(`no ${type} ${name ?? ""} was recorded`);
  return found;
}

const event = (metadata: Step): EngineEvent => ({ sequence: 0, resourcePreEvent: { metadata } });

/** What is around the edited step: the components of the whole pipeline, unchanged, and the engine's last word. */
function around(recordings: Recordings, steps: readonly Step[]): Events {
  const components = recordings("first-up").flatMap(({ resourcePreEvent }): EngineEvent[] => {
    const step = resourcePreEvent?.metadata;
    if (step === undefined || step.new?.custom === true || step.op !== "create") return [];
    return [event({ ...step, op: "same" })];
  });
  const summary = { durationSeconds: 1, resourceChanges: { same: 121 - steps.length }, result: "succeeded" };
  return [...components, ...steps.map(event), { sequence: 0, summaryEvent: summary }];
}

/** An update whose old side is what was made, and whose new side is an edit of it. */
function updated(step: Step, edit: (inputs: Record<string, unknown>) => Record<string, unknown>): Step {
  const inputs = step.new?.inputs ?? {};
  return {
    ...step,
    op: "update",
    old: step.new,
    new: step.new && { ...step.new, inputs: edit(structuredClone(inputs)) },
    detailedDiff: {},
  };
}

function editedStatement(
  inputs: Record<string, unknown>,
  edit: (statement: Record<string, unknown>) => Record<string, unknown>,
): Record<string, unknown> {
  const document: unknown = JSON.parse(String(inputs.policy));
  if (!isObject(document) || !Array.isArray(document.Statement)) throw new Error("found no policy document");
  return { ...inputs, policy: JSON.stringify({ ...document, Statement: document.Statement.map(edit) }) };
}

/** A policy document as a role has it, since one that is made new is known after apply. */
const ROLE_POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "ReadReleaseBuilds",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: ["arn:aws:s3:::hypriot-audit-artifacts/releases/*"],
    },
  ],
});
const TLS_ONLY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Resource: ["arn:aws:sqs:us-east-1:000000000000:hypriot-audit-build-arm64"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ],
});

const known = (step: Step, inputs: Record<string, unknown>): Step => ({
  ...step,
  new: step.new && { ...step.new, inputs: { ...step.new.inputs, ...inputs } },
});

/** One board's events, for each of many. */
function multiplied(events: Events, board: string, times: number): Events {
  const own = events.filter((one) => JSON.stringify(one).includes(board));
  const others = events.filter((one) => !own.includes(one));
  const copies = Array.from({ length: times }, (_, index) =>
    own.map((one) => JSON.parse(JSON.stringify(one).replaceAll(board, `board-${index + 1}`)) as EngineEvent),
  );
  return [...others.slice(0, -1), ...copies.flat(), ...others.slice(-1)];
}

export const GENERATED: Readonly<Record<string, (recordings: Recordings) => Events>> = {
  /** A role's policy gets an action, a resource and a wildcard more. */
  "iam-widened": (recordings) => {
    const step = known(created(recordings, "RolePolicy", "publish"), {
      policy: ROLE_POLICY,
      role: "hypriot-audit-publish",
    });
    return around(recordings, [
      updated(step, (inputs) =>
        editedStatement(inputs, (statement) => ({
          ...statement,
          Action: ["s3:GetObject", "s3:PutObject", "s3:Delete*"],
          Resource: ["arn:aws:s3:::hypriot-audit-artifacts/*"],
        })),
      ),
    ]);
  },
  /** The same policy, made smaller. */
  "iam-narrowed": (recordings) => {
    const step = known(created(recordings, "RolePolicy", "publish"), {
      policy: ROLE_POLICY,
      role: "hypriot-audit-publish",
    });
    return around(recordings, [
      updated(step, (inputs) =>
        editedStatement(inputs, (statement) => ({
          ...statement,
          Resource: ["arn:aws:s3:::hypriot-audit-artifacts/releases/os-rootfs/*"],
        })),
      ),
    ]);
  },
  /** A queue's policy no longer refuses plain text. */
  "tls-no-longer-demanded": (recordings) => {
    const step = known(created(recordings, "QueuePolicy", "build-arm64"), { policy: TLS_ONLY });
    return around(recordings, [
      updated(step, (inputs) => ({
        ...inputs,
        policy: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
      })),
    ]);
  },
  /** All four blocks of public access go off. */
  "bucket-public": (recordings) =>
    around(recordings, [
      updated(created(recordings, "BucketPublicAccessBlock"), (inputs) =>
        Object.fromEntries(Object.entries(inputs).map(([key, own]) => [key, own === true ? false : own])),
      ),
    ]),
  /** A queue loses its encryption and its dead-letter queue. */
  "queue-weakened": (recordings) =>
    around(recordings, [
      updated(created(recordings, "Queue", "build-arm64"), ({ redrivePolicy: _, ...inputs }) => ({
        ...inputs,
        sqsManagedSseEnabled: false,
      })),
    ]),
  /** The rulesets of a repository require no check and let force pushes through. */
  "checks-no-longer-required": (recordings) =>
    around(recordings, [
      updated(created(recordings, "RepositoryRuleset", "rootfs-branch"), (inputs) => {
        const { requiredStatusChecks: _, ...rules } = isObject(inputs.rules) ? inputs.rules : {};
        return { ...inputs, enforcement: "evaluate", rules: { ...rules, nonFastForward: false } };
      }),
    ]),
  /** Deliveries go somewhere else, without encryption. */
  "webhook-moved": (recordings) =>
    around(recordings, [
      updated(
        known(created(recordings, "RepositoryWebhook", "rootfs"), {
          configuration: {
            url: "https://hooks.hypriot.example/k3y",
            contentType: "json",
            insecureSsl: false,
          },
        }),
        (inputs) => ({
          ...inputs,
          configuration: { url: "http://elsewhere.example/k3y", contentType: "json", insecureSsl: true },
        }),
      ),
    ]),
  /** The runner's container becomes privileged, on the host's network, with the host's disk. */
  "runner-privileged": (recordings) =>
    around(recordings, [
      updated(created(recordings, "Container"), (inputs) => ({
        ...inputs,
        privileged: true,
        networkMode: "host",
        securityOpts: [],
        capabilities: { adds: ["SYS_ADMIN"] },
        mounts: [
          ...(Array.isArray(inputs.mounts) ? inputs.mounts : []),
          { type: "bind", source: "/", target: "/host" },
        ],
      })),
    ]),
  /** A provider's plugin gets another version, and nothing else changes. */
  "provider-upgraded": (recordings) => {
    const provider = created(recordings, "aws provider");
    return around(recordings, [updated(provider, (inputs) => ({ ...inputs, version: "7.49.0" }))]);
  },
  /** The reverse of `repositories-private`: what is old is new. */
  "repositories-public": (recordings) =>
    recordings("repositories-private").map((one) =>
      one.resourcePreEvent?.metadata.op === "update"
        ? event({
            ...one.resourcePreEvent.metadata,
            old: one.resourcePreEvent.metadata.new,
            new: one.resourcePreEvent.metadata.old,
          })
        : one,
    ),
  /** The engine is killed: the log ends in the middle. */
  "engine-killed": (recordings) =>
    recordings("board-added").filter(({ summaryEvent }) => summaryEvent === undefined),
  /** 500 boards at once. */
  "boards-added-500": (recordings) => multiplied(recordings("board-added"), "orange-pi-pc", 500),
  /** 500 boards go at once; their repositories are archived. */
  "boards-removed-500": (recordings) => multiplied(recordings("board-removed"), "banana-pi", 500),
  /** A board goes, and its repository was not to be archived. */
  "repository-deleted": (recordings) =>
    recordings("board-removed").map(
      (one) =>
        JSON.parse(
          JSON.stringify(one).replaceAll('"archiveOnDestroy":true', '"archiveOnDestroy":false'),
        ) as EngineEvent,
    ),
  /** A provider cannot be reached: the engine ends with its error. */
  "cloud-unreachable": () => [
    {
      sequence: 0,
      diagnosticEvent: { urn: "", message: "connect ECONNREFUSED 127.0.0.1:4566\n", severity: "error" },
    },
    { sequence: 1, diagnosticEvent: { urn: "", message: "preview failed", severity: "error" } },
    { sequence: 2, summaryEvent: { durationSeconds: 1, resourceChanges: {}, result: "failed" } },
  ],
};
