import { noWildcardIam } from "./access.ts";
import {
  branchesProtected,
  bypassAllowList,
  repositoriesKept,
  reviewsRequired,
  tagsProtected,
  webhooksSigned,
} from "./github.ts";
import { knownTypes } from "./known-types.ts";
import { deadLetters, functionAlarms, logsKept, requiredTags } from "./operations.ts";
import type { Rule } from "./rule.ts";
import { noCredentialsInEnvironment, runnersUnprivileged, usersOnlyTakeRoles } from "./runners.ts";
import { bucketsGuarded, encryptedAtRest, noPublicBucket, queuesDemandTls } from "./storage.ts";

export const RULES: readonly Rule[] = [
  noPublicBucket,
  bucketsGuarded,
  encryptedAtRest,
  queuesDemandTls,
  noWildcardIam,
  usersOnlyTakeRoles,
  noCredentialsInEnvironment,
  runnersUnprivileged,
  webhooksSigned,
  branchesProtected,
  reviewsRequired,
  bypassAllowList,
  tagsProtected,
  repositoriesKept,
  deadLetters,
  functionAlarms,
  logsKept,
  requiredTags,
  knownTypes,
];
