import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { componentTags, type Tags } from "./plan/tags.ts";

export interface AlarmTopicArgs {
  /** The topic's name. */
  readonly topic: string;
  /** Who is told. Each address gets a mail with a link that confirms it. Default: nobody. */
  readonly emails?: readonly string[];
  readonly tags: Tags;
}

/** Where every alarm of the pipeline goes. */
export class AlarmTopic extends ComponentResource {
  readonly arn: Output<string>;

  constructor(name: string, args: AlarmTopicArgs, opts?: ComponentResourceOptions) {
    super("hypriotos:index:AlarmTopic", name, {}, opts);
    const topic = new Topic(
      name,
      { name: args.topic, tags: componentTags(args.tags, "alarms") },
      { parent: this },
    );
    for (const email of args.emails ?? []) {
      new TopicSubscription(
        `${name}-${email}`,
        { topic: topic.arn, protocol: "email", endpoint: email },
        { parent: this },
      );
    }
    this.arn = topic.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
