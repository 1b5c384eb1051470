import type { Change } from "./changes.ts";

export const RISKS = {
  access: "Access widened",
  public: "Public access",
  encryption: "Encryption or TLS weakened",
  protection: "Protection weakened",
  bypass: "Bypass widened",
  webhook: "Webhook target changed",
  secret: "Secret rotated",
  protect: "No longer protected against destroy",
  runner: "Runner trust changed",
  retention: "Kept for a shorter time",
  monitoring: "Less is noticed",
} as const;

export type RiskKind = keyof typeof RISKS;

export interface Risk {
  readonly kind: RiskKind;
  readonly severity: "high" | "medium";
  readonly urn: string;
  /** What becomes riskier, Markdown, without the place: risks of the same words are told once, with all their places. */
  readonly what: string;
  /** Where, Markdown. */
  readonly where: string;
}

/** What could not be judged before an update. */
export interface Unchecked {
  readonly urn: string;
  /** What would have been looked at, Markdown. */
  readonly what: string;
  /** On what, Markdown. */
  readonly where: string;
  readonly reason: string;
}

/** Looks at one change. */
export type RiskRule = (change: Change) => readonly Risk[];
