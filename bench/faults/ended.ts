import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { BuildRecord } from "../../contracts/build-record.ts";
import type { TestStack } from "../../tests/support/test-stack.ts";

/** The builds that ended and whose check run was told, as the pipeline itself knows them; GitHub is asked at the end. */
export async function endedBuilds(stack: TestStack, table: string): Promise<BuildRecord[]> {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(stack.aws));
  const builds: BuildRecord[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new ScanCommand({
        TableName: table,
        ExclusiveStartKey,
        FilterExpression: "attribute_exists(toldAt)",
        ConsistentRead: true,
      }),
    );
    builds.push(...(page.Items ?? []).flatMap((item) => BuildRecord.safeParse(item).data ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return builds;
}
