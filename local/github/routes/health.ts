import type { RouteParts } from "./all.ts";

export function addHealth({ router, db, baseUrl, state }: RouteParts): void {
  router.get("/_health", (context) =>
    context.json({
      status: "ok",
      baseUrl,
      state,
      pid: process.pid,
      repositories: db.repositories.count(),
      uptime: Math.round(process.uptime()),
    }),
  );
  // What `gh` and others ask to see whether there is a GitHub at all.
  router.get("/", (context) =>
    context.json({
      current_user_url: `${baseUrl}/user`,
      organization_url: `${baseUrl}/orgs/{org}`,
      repository_url: `${baseUrl}/repos/{owner}/{repo}`,
    }),
  );
}
