import { container } from "./container.ts";
import { remoteImage } from "./image.ts";
import { network } from "./network.ts";
import { volume } from "./volume.ts";

/** Every Docker resource type that the program uses. */
export const resources = [remoteImage, container, network, volume] as const;
