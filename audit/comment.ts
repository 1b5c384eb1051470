/** A comment on a pull request, as far as it is looked at. */
export interface PullComment {
  readonly id: number;
  /** The author's login; undefined where the account is gone. */
  readonly author: string | undefined;
  readonly body: string;
  /** Where a browser shows it. */
  readonly url: string;
}

/** What tells a stack's comment from all others. It is the comment's first line, which GitHub does not show. */
export function commentMarker(stack: string): string {
  return `<!-- hypriotos-audit stack=${stack} -->`;
}

/** The comment of a stack, with a report in it. */
export function commentBody(stack: string, report: string): string {
  return `${commentMarker(stack)}\n${report.trimEnd()}\n`;
}

/**
 * The comments of a stack that `author` wrote, oldest first. Anybody can paste the marker into a comment of their own:
 * that one is theirs.
 */
export function ownComments(
  comments: readonly PullComment[],
  stack: string,
  author: string,
): readonly PullComment[] {
  const marker = commentMarker(stack);
  return comments
    .filter(({ author: login, body }) => login === author && body.split(/\r?\n/, 1)[0] === marker)
    .sort((a, b) => a.id - b.id);
}
