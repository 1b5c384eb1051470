import type {
  AttributeDefinition,
  DynamoDB,
  ScalarAttributeType,
  TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { TableArgs } from "@pulumi/aws/dynamodb/table.js";
import { AlreadyExists, afterCreate } from "../framework/errors.ts";
import type { Inputs } from "../framework/resource.ts";
import { given, hasCode, retag, type Tags, tagList, tagMap, unlessGone } from "./common.ts";
import type { AwsResource } from "./context.ts";

const GONE = "ResourceNotFoundException";
/** Short between two looks: the emulator is on this machine. */
const PATIENCE = { maxWaitTime: 120, minDelay: 0.05, maxDelay: 0.25 };

function outputsOf(table: TableDescription, tags: Tags | undefined) {
  return { arn: given(table.TableArn, "table ARN"), tagsAll: tags ?? {} };
}

function toDefinitions(attributes: Inputs<TableArgs>["attributes"]): AttributeDefinition[] {
  return (attributes ?? []).map(({ name, type }) => ({
    AttributeName: name,
    AttributeType: type as ScalarAttributeType,
  }));
}

async function waitFor(dynamodb: DynamoDB, TableName: string, what: "exists" | "gone"): Promise<void> {
  const { waitUntilTableExists, waitUntilTableNotExists } = await import("@aws-sdk/client-dynamodb");
  const wait = what === "exists" ? waitUntilTableExists : waitUntilTableNotExists;
  await wait({ client: dynamodb, ...PATIENCE }, { TableName });
}

async function timeToLive(dynamodb: DynamoDB, TableName: string) {
  const { TimeToLiveDescription: ttl } = await dynamodb.describeTimeToLive({ TableName });
  const enabled = ttl?.TimeToLiveStatus === "ENABLED" || ttl?.TimeToLiveStatus === "ENABLING";
  return enabled ? { enabled, attributeName: ttl.AttributeName } : undefined;
}

async function recovery(dynamodb: DynamoDB, TableName: string): Promise<boolean> {
  const { ContinuousBackupsDescription } = await dynamodb.describeContinuousBackups({ TableName });
  const description = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  return description?.PointInTimeRecoveryStatus === "ENABLED";
}

/** What a table gets after it exists. Each is only written where it differs: the service refuses a change to the same. */
async function applySettings(dynamodb: DynamoDB, name: string, inputs: Inputs<TableArgs>): Promise<void> {
  const found = await timeToLive(dynamodb, name);
  const wanted = inputs.ttl?.enabled ? inputs.ttl : undefined;
  if (found && found.attributeName !== wanted?.attributeName) {
    await dynamodb.updateTimeToLive({
      TableName: name,
      TimeToLiveSpecification: { Enabled: false, AttributeName: found.attributeName },
    });
  }
  if (wanted && found?.attributeName !== wanted.attributeName) {
    await dynamodb.updateTimeToLive({
      TableName: name,
      TimeToLiveSpecification: { Enabled: true, AttributeName: wanted.attributeName },
    });
  }
  const recoverable = inputs.pointInTimeRecovery?.enabled === true;
  if (recoverable !== (await recovery(dynamodb, name))) {
    await dynamodb.updateContinuousBackups({
      TableName: name,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: recoverable },
    });
  }
}

async function updateTable(
  dynamodb: DynamoDB,
  TableName: string,
  change: { DeletionProtectionEnabled: boolean } | { SSESpecification: { Enabled: boolean } },
): Promise<void> {
  await dynamodb.updateTable({ TableName, ...change });
  await waitFor(dynamodb, TableName, "exists");
}

export const table: AwsResource<TableArgs> = {
  type: "aws:dynamodb/table:Table",
  properties: {
    name: { required: true, replace: true },
    attributes: { required: true, unordered: true, fields: { name: true, type: true } },
    hashKey: { required: true, replace: true },
    rangeKey: { replace: true },
    billingMode: { required: true },
    deletionProtectionEnabled: { default: false },
    pointInTimeRecovery: { fields: { enabled: true } },
    serverSideEncryption: { fields: { enabled: true } },
    ttl: { fields: { enabled: true, attributeName: true } },
    tags: {},
  },
  deleteBeforeReplace: true,
  check: ({ billingMode }) =>
    billingMode === undefined || billingMode === "PAY_PER_REQUEST"
      ? []
      : [{ property: "billingMode", reason: `found "${billingMode}", expected "PAY_PER_REQUEST"` }],
  async create(context, inputs) {
    const { name = "", hashKey, rangeKey, tags } = inputs;
    const dynamodb = await context.dynamodb();
    try {
      const { TableDescription } = await dynamodb.createTable({
        TableName: name,
        AttributeDefinitions: toDefinitions(inputs.attributes),
        KeySchema: [
          { AttributeName: hashKey, KeyType: "HASH" },
          ...(rangeKey ? [{ AttributeName: rangeKey, KeyType: "RANGE" as const }] : []),
        ],
        BillingMode: "PAY_PER_REQUEST",
        DeletionProtectionEnabled: inputs.deletionProtectionEnabled === true,
        ...(inputs.serverSideEncryption?.enabled ? { SSESpecification: { Enabled: true } } : {}),
        Tags: tagList(tags),
      });
      const outputs = outputsOf(given(TableDescription, "table"), tags);
      await afterCreate(name, outputs, async () => {
        await waitFor(dynamodb, name, "exists");
        await applySettings(dynamodb, name, inputs);
      });
      return { id: name, outputs };
    } catch (error) {
      throw hasCode(error, "ResourceInUseException") ? new AlreadyExists(name, error) : error;
    }
  },
  async read(context, name) {
    const dynamodb = await context.dynamodb();
    const found = await unlessGone(dynamodb.describeTable({ TableName: name }), GONE);
    if (found === undefined) return undefined;
    const table = given(found.Table, "table");
    const outputs = outputsOf(table, undefined);
    const [ttl, enabled, listed] = await Promise.all([
      timeToLive(dynamodb, name),
      recovery(dynamodb, name),
      dynamodb.listTagsOfResource({ ResourceArn: outputs.arn }),
    ]);
    const tags = tagMap(listed.Tags);
    const key = (type: string) => table.KeySchema?.find(({ KeyType }) => KeyType === type)?.AttributeName;
    const encrypted = ["ENABLED", "ENABLING"].includes(table.SSEDescription?.Status ?? "");
    return {
      inputs: {
        name,
        attributes: (table.AttributeDefinitions ?? []).map(({ AttributeName = "", AttributeType = "" }) => ({
          name: AttributeName,
          type: AttributeType,
        })),
        hashKey: key("HASH"),
        rangeKey: key("RANGE"),
        billingMode: table.BillingModeSummary?.BillingMode ?? "PROVISIONED",
        deletionProtectionEnabled: table.DeletionProtectionEnabled === true,
        pointInTimeRecovery: enabled ? { enabled } : undefined,
        serverSideEncryption: encrypted ? { enabled: true } : undefined,
        ttl,
        tags,
      },
      outputs: { ...outputs, tagsAll: tags ?? {} },
    };
  },
  async update(context, name, inputs, prior) {
    const dynamodb = await context.dynamodb();
    const found = given((await dynamodb.describeTable({ TableName: name })).Table, "table");
    const outputs = outputsOf(found, inputs.tags);
    const isProtected = inputs.deletionProtectionEnabled === true;
    // One kind of change per call is what the service takes.
    if ((found.DeletionProtectionEnabled === true) !== isProtected) {
      await updateTable(dynamodb, name, { DeletionProtectionEnabled: isProtected });
    }
    const encrypted = inputs.serverSideEncryption?.enabled === true;
    if ((found.SSEDescription?.Status === "ENABLED") !== encrypted) {
      await updateTable(dynamodb, name, { SSESpecification: { Enabled: encrypted } });
    }
    await applySettings(dynamodb, name, inputs);
    await retag(
      prior.inputs.tags,
      inputs.tags,
      (set) => dynamodb.tagResource({ ResourceArn: outputs.arn, Tags: tagList(set) }),
      (TagKeys) => dynamodb.untagResource({ ResourceArn: outputs.arn, TagKeys }),
    );
    return outputs;
  },
  async delete(context, name) {
    const dynamodb = await context.dynamodb();
    const asked = await unlessGone(dynamodb.deleteTable({ TableName: name }), GONE);
    if (asked) await waitFor(dynamodb, name, "gone");
  },
};
