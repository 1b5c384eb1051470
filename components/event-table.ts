import { Table } from "@pulumi/aws/dynamodb/table.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Tags } from "./plan/tags.ts";

export interface EventTableArgs {
  /** The table's name. */
  readonly table: string;
  /** Name of the string attribute that identifies an event. */
  readonly key: string;
  readonly tags: Tags;
}

/**
 * What must be known once, by key: deliveries, builds, releases. A writer puts with the condition that the key is not
 * there yet. An entry goes when its attribute `expiresAt` (seconds since the epoch) has passed.
 */
export class EventTable extends ComponentResource {
  readonly tableName: Output<string>;
  readonly arn: Output<string>;

  constructor(name: string, args: EventTableArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:EventTable", name, {}, opts);
    const table = new Table(
      name,
      {
        name: args.table,
        billingMode: "PAY_PER_REQUEST",
        hashKey: args.key,
        attributes: [{ name: args.key, type: "S" }],
        ttl: { attributeName: "expiresAt", enabled: true },
        pointInTimeRecovery: { enabled: true },
        serverSideEncryption: { enabled: true },
        tags: { ...args.tags },
      },
      { parent: this },
    );
    this.tableName = table.name;
    this.arn = table.arn;
    this.registerOutputs({ tableName: this.tableName, arn: this.arn });
  }
}
