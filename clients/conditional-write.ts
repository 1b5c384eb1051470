import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";

/** Whether a conditional write to a table was done: false where its condition did not hold. */
export async function applied(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
