import { createHash } from "node:crypto";
import { RemoteImage } from "@pulumi/docker/remoteImage.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";

/** Enough of a SHA-256 to tell any two versions of an image apart. */
const TAG_LENGTH = 12;

/** An image that a Docker host builds from a folder of this repository. */
export interface ImageSource {
  /** The image's name without a tag. */
  readonly name: string;
  /** The build context, relative to the project's root so that state is the same on every machine. */
  readonly context: string;
  /** `folderFingerprint` of the context. */
  readonly fingerprint: string;
  /** What the Dockerfile's `FROM ${BASE}` stands on. */
  readonly baseImage: string;
}

/** The tag that an image's content decides: another content is another image. */
export function imageTag(source: ImageSource): string {
  return source.fingerprint.slice(0, TAG_LENGTH);
}

/** SHA-256, in hex, over the context's content and the image that it stands on. */
export function contentFingerprint({ fingerprint, baseImage }: ImageSource): string {
  return createHash("sha256").update(`${fingerprint}\0${baseImage}`).digest("hex");
}

/** The image's name with its tag. */
export function imageReference(source: ImageSource): string {
  return `${source.name}:${imageTag(source)}`;
}

export interface BuilderImageArgs {
  readonly source: ImageSource;
}

/** The image that builds run in, on one Docker host. */
export class BuilderImage extends ComponentResource {
  /** Name with tag, as `docker run` takes it. */
  readonly reference: Output<string>;
  /** The image's digest on that host. */
  readonly imageId: Output<string>;

  constructor(name: string, args: BuilderImageArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:BuilderImage", name, {}, opts);
    const image = registerImage(name, args.source, this);
    this.reference = image.name;
    this.imageId = image.imageId;
    this.registerOutputs({ reference: this.reference, imageId: this.imageId });
  }
}

/** Registers the image of a folder under `parent`, on the Docker host of the parent's provider. */
export function registerImage(name: string, source: ImageSource, parent: ComponentResource): RemoteImage {
  return new RemoteImage(
    name,
    {
      name: imageReference(source),
      build: {
        context: source.context,
        buildArgs: { BASE: source.baseImage },
        labels: { "io.hypriot.project": "hypriotos" },
      },
      triggers: { fingerprint: source.fingerprint },
      // Its name is its content: other stacks on the host may use it, and making it anew takes minutes.
      keepLocally: true,
    },
    { parent },
  );
}
