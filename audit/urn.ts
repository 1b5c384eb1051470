/** The name in the program: the last part of a URN. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** `aws:s3/bucket:Bucket`: the last type of a URN's chain. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** `Bucket`, from `aws:s3/bucket:Bucket`; `aws provider`, from `pulumi:providers:aws`. */
export function shortType(type: string): string {
  if (type.startsWith("pulumi:providers:")) return `${type.slice("pulumi:providers:".length)} provider`;
  return type.split(":").at(-1) ?? type;
}

/** `Bucket artifacts`. */
export function label(urn: string): string {
  return `${shortType(typeOf(urn))} ${nameOf(urn)}`;
}
