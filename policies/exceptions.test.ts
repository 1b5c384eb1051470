import { describe, expect, it } from "vitest";
import { afterExceptions, resourceName } from "./exceptions.ts";

const urn = "urn:pulumi:local::hypriotos::hypriotos:index:BuildQueue$aws:sqs/queue:Queue::build-arm64";
const exception = {
  resource: "aws:sqs/queue:Queue::build-arm64",
  reason: "moved next week",
  expires: "2027-01-31",
};

describe("afterExceptions", () => {
  it("lets a violation pass to the end of its last day", () => {
    expect(afterExceptions({ urn, message: "bad" }, [exception], "2027-01-31")).toBeUndefined();
  });

  it("tells it again after that, with the reason that was given", () => {
    expect(afterExceptions({ urn, message: "bad" }, [exception], "2027-02-01")).toBe(
      "bad (the exception ended on 2027-01-31; its reason was: moved next week)",
    );
  });

  it("is about the one resource", () => {
    const other = { ...exception, resource: "aws:sqs/queue:Queue::build-armhf" };
    expect(afterExceptions({ urn, message: "bad" }, [other], "2027-01-01")).toBe("bad");
  });

  it("names a resource without its parents", () => {
    expect(resourceName(urn)).toBe(exception.resource);
  });
});
