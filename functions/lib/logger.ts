import { Logger } from "@aws-lambda-powertools/logger";

/**
 * Lines of JSON on the function's log. Never give it a secret, nor text from outside that was not checked: JSON keeps
 * control characters off the log, but not characters that cannot be seen.
 */
export const logger = new Logger({ serviceName: process.env.AWS_LAMBDA_FUNCTION_NAME ?? "hypriotos" });
