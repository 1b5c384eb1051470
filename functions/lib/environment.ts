/**
 * The variables that a function was deployed with, by name.
 * Throws one error that names every missing one.
 */
export function environment<Name extends string>(
  names: readonly Name[],
  source: NodeJS.ProcessEnv = process.env,
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => !source[name]);
  if (missing.length > 0) {
    throw new Error(
      `environment: found nothing in ${missing.join(", ")}, expected values from the function's component`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, source[name] ?? ""])) as Record<Name, string>;
}
