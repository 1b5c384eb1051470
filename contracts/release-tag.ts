import { z } from "zod";

const IDENTIFIER = "[0-9A-Za-z-]+";

/** `v` and a semantic version. Build metadata (`+…`) is left out: versions that differ in it only are equal. */
const RELEASE_TAG = new RegExp(
  `^v(?:0|[1-9][0-9]*)(?:\\.(?:0|[1-9][0-9]*)){2}(?:-${IDENTIFIER}(?:\\.${IDENTIFIER})*)?$`,
);

const EXPECTED = "v and a semantic version: v1.2.3 or v1.2.3-rc.1";

/** The tag that a release is made from, `v1.2.3` or `v1.2.3-rc.1`. */
export const ReleaseTag = z
  .string({ error: EXPECTED })
  .max(100, { error: EXPECTED })
  .regex(RELEASE_TAG, { error: EXPECTED });

/** Where in a release tag one is after some of its characters. The last number and a pre-release may end it. */
type Place =
  | { readonly part: "v" }
  | { readonly part: "number"; readonly index: number; readonly digits: "none" | "zero" | "some" }
  | { readonly part: "pre-release"; readonly empty: boolean };

function next(place: Place, character: string): Place | undefined {
  if (place.part === "v") return character === "v" ? { part: "number", index: 0, digits: "none" } : undefined;
  if (place.part === "pre-release") {
    if (character === ".") return place.empty ? undefined : { part: "pre-release", empty: true };
    return /^[0-9A-Za-z-]$/.test(character) ? { part: "pre-release", empty: false } : undefined;
  }
  const { index, digits } = place;
  if (/^[0-9]$/.test(character)) {
    if (digits === "zero") return undefined;
    return { part: "number", index, digits: digits === "none" && character === "0" ? "zero" : "some" };
  }
  if (digits === "none") return undefined;
  if (character === "." && index < 2) return { part: "number", index: index + 1, digits: "none" };
  return character === "-" && index === 2 ? { part: "pre-release", empty: true } : undefined;
}

function mayEnd(place: Place): boolean {
  if (place.part === "pre-release") return !place.empty;
  return place.part === "number" && place.index === 2 && place.digits !== "none";
}

/** Every character that a release tag can have. */
const ALPHABET = [..."0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-"];

interface Step {
  /** The characters of a release tag that this step of the pattern takes. */
  readonly takes: readonly string[];
  /** Any number of them, as `*` does. */
  readonly repeats: boolean;
}

function patternSteps(pattern: string): Step[] {
  const tokens = pattern.match(/\*+|\?|\[[!^]?\]?[^\]]*\]|[\s\S]/g) ?? [];
  return tokens.map((token) => {
    if (token.startsWith("*")) return { takes: ALPHABET, repeats: true };
    if (token === "?") return { takes: ALPHABET, repeats: false };
    if (token.length > 1)
      return { takes: ALPHABET.filter((character) => inClass(token, character)), repeats: false };
    return { takes: [token], repeats: false };
  });
}

/** Whether `[a-z]`, `[abc]` or `[!abc]` takes the character. */
function inClass(token: string, character: string): boolean {
  const negated = /^\[[!^]/.test(token);
  const members = token.slice(negated ? 2 : 1, -1);
  const ranges = members.match(/[\s\S]-[\s\S]|[\s\S]/g) ?? [];
  const found = ranges.some((range) => character >= range.slice(0, 1) && character <= range.slice(-1));
  return found !== negated;
}

/** Whether a release tag is one that the pattern, as GitHub's rulesets take it, names. Takes time linear in the tag. */
export function matchesTagPattern(pattern: string, tag: string): boolean {
  const steps = patternSteps(pattern);
  // Which steps may come next; a repeating step may be left out.
  const withSkips = (positions: Iterable<number>) => {
    const reached = new Set(positions);
    for (const position of reached) if (steps[position]?.repeats) reached.add(position + 1);
    return reached;
  };
  let positions = withSkips([0]);
  for (const character of tag) {
    const next = [...positions].filter((position) => steps[position]?.takes.includes(character));
    positions = withSkips(next.map((position) => (steps[position]?.repeats ? position : position + 1)));
  }
  return positions.has(steps.length);
}

/**
 * Whether a pattern as GitHub's rulesets take it (`*`, `?`, `[…]`) can match a release tag: exact, by following
 * the pattern and the grammar of release tags together.
 */
export function canMatchReleaseTag(pattern: string): boolean {
  const steps = patternSteps(pattern);
  let places = new Map<string, Place>([["", { part: "v" }]]);
  for (const step of steps) {
    const reached = step.repeats ? new Map(places) : new Map<string, Place>();
    const open = [...places.values()];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      for (const character of step.takes) {
        const after = next(place, character);
        if (after === undefined || reached.has(JSON.stringify(after))) continue;
        reached.set(JSON.stringify(after), after);
        if (step.repeats) open.push(after);
      }
    }
    places = reached;
  }
  return [...places.values()].some(mayEnd);
}
