/** The address of GitHub's pages, without a slash at the end, from that of its REST API. */
export function githubWebUrl(apiUrl: string): string {
  const base = apiUrl.replace(/\/+$/, "");
  return base === "https://api.github.com" ? "https://github.com" : base.replace(/\/api\/v3$/, "");
}
