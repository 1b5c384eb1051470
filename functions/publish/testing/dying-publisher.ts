import { PublishSettings } from "../../../contracts/publish-settings.ts";
import type { AwsReach } from "../../lib/aws.ts";
import { makePublisher } from "../parts.ts";
import { publishRelease } from "../publish.ts";

/** A publisher in a process of its own, which a test can kill: `<settings> <how to reach AWS> <key>`, as JSON. */
const [settings = "", aws = "", key = ""] = process.argv.slice(2);
const reach: AwsReach = JSON.parse(aws);
const publisher = makePublisher(PublishSettings.parse(JSON.parse(settings)), reach);
await publishRelease({ ...publisher, leaseTimes: { lastsMs: 1_000, renewMs: 200, pollMs: 20 } }, key, 60_000);
