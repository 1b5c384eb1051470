/** One line of JSON: CloudWatch Logs and `npm run status` find fields in it. Never give it a secret. */
export function log(message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  console.log(JSON.stringify({ message, ...fields }));
}
