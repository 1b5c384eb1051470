import { HttpError } from "../host/router.ts";
import type { RouteParts } from "./all.ts";
import { identityOf } from "./support.ts";

/** A token says whose it is; that of an App's installation is nobody's. */
export function addUser({ router }: RouteParts): void {
  router.get("/user", (context, next) => {
    if (identityOf(context)?.installation !== undefined) {
      throw new HttpError(403, "Resource not accessible by integration");
    }
    return next();
  });
}
