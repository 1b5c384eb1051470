import { z } from "zod";

/** The headers that GitHub sends with every webhook delivery, lower case. */
export const DELIVERY_HEADERS = ["x-github-delivery", "x-github-event", "x-hub-signature-256"] as const;

/** What of a webhook's payload the pipeline reads whatever the event. Everything else is left alone. */
export const DeliveryPayload = z.object({
  action: z.string().max(100).optional(),
  ref: z.string().max(1024).optional(),
  after: z.string().max(64).optional(),
  repository: z.object({ name: z.string().min(1).max(100), full_name: z.string().min(3).max(140) }),
  sender: z.object({ login: z.string().max(100) }).optional(),
});

export type DeliveryPayload = z.infer<typeof DeliveryPayload>;
