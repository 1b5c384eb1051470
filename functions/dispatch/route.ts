import type { Context, LambdaFunctionURLEvent } from "aws-lambda";
import { type Answer, answer } from "./answer.ts";
import { LOGS_PATH, type LogReader, serveLog } from "./logs.ts";
import { type Receiver, receive } from "./receive.ts";

/** What the function URL serves: deliveries at its root, logs below `logs/`. */
export async function route(
  parts: { readonly receiver: Receiver; readonly logs: LogReader },
  request: LambdaFunctionURLEvent,
  context: Context,
): Promise<Answer> {
  const { method } = request.requestContext.http;
  const isLog = request.rawPath.startsWith(LOGS_PATH);
  if (!isLog && request.rawPath !== "/") return answer(404, { problems: ["path: nothing is here"] });
  const expected = isLog ? "GET" : "POST";
  if (method !== expected) {
    return answer(405, { problems: [`method: expected ${expected}`] }, { allow: expected });
  }
  return isLog ? serveLog(parts.logs, request.rawPath) : receive(parts.receiver, request, context);
}
