/** Tags of an AWS resource. */
export type Tags = Readonly<Record<string, string>>;

/** The tags of one component's resources: the pipeline's own, and which part the resource is of. */
export function componentTags(pipeline: Tags, component: string): Record<string, string> {
  return { ...pipeline, component };
}
