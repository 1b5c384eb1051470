import { z } from "zod";
import { RepositoryFullName } from "./git.ts";
import { RepositoryName } from "./names.ts";

/** The headers that GitHub sends with every webhook delivery, lower case. */
export const DELIVERY_HEADERS = ["x-github-delivery", "x-github-event", "x-hub-signature-256"] as const;

/** The largest request that a function URL passes on, in bytes. GitHub sends up to 25 MB. */
export const DELIVERY_MAX_BYTES = 6 * 1024 * 1024;

/** What of a webhook's payload is read before its signature is known: whose secret it must be signed with. */
export const DeliveryPayload = z.object({
  repository: z.object({ name: RepositoryName, full_name: RepositoryFullName }),
});

export type DeliveryPayload = z.infer<typeof DeliveryPayload>;
