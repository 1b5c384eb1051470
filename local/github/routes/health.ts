import type { RouteParts } from "./all.ts";

export function addHealth({ router, db, baseUrl }: RouteParts): void {
  router.get("/_health", (context) =>
    context.json({
      status: "ok",
      baseUrl,
      pid: process.pid,
      repositories: db.repositories.count(),
      uptime: Math.round(process.uptime()),
    }),
  );
}
