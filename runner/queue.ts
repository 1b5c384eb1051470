import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Architecture } from "../contracts/architecture.ts";

/** As often as a queue hands a job out (components/build-queue.ts). */
export const MAX_RECEIVES = 3;

export interface Message {
  readonly body: string;
  readonly receipt: string;
  /** How often it was handed out, this time included. */
  readonly receives: number;
}

/** One build queue with its dead letters. */
export class BuildQueue {
  readonly architecture: Architecture;
  readonly #sqs: SQSClient;
  readonly #url: string;
  readonly #deadLetterUrl: string;

  constructor(
    sqs: SQSClient,
    architecture: Architecture,
    { url, deadLetterUrl }: { readonly url: string; readonly deadLetterUrl: string },
  ) {
    this.#sqs = sqs;
    this.architecture = architecture;
    this.#url = url;
    this.#deadLetterUrl = deadLetterUrl;
  }

  /**
   * One message, or undefined when none came in `waitSeconds`. It is this runner's for `visibilitySeconds`. There is no
   * way to break it off: the service could hand a message to nobody, and nobody would have it until then.
   */
  async receive(waitSeconds: number, visibilitySeconds: number): Promise<Message | undefined> {
    const { Messages = [] } = await this.#sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#url,
        MaxNumberOfMessages: 1,
        WaitTimeSeconds: waitSeconds,
        VisibilityTimeout: visibilitySeconds,
        MessageSystemAttributeNames: ["ApproximateReceiveCount"],
      }),
    );
    const [message] = Messages;
    if (message?.ReceiptHandle === undefined) return undefined;
    return {
      body: message.Body ?? "",
      receipt: message.ReceiptHandle,
      receives: Number(message.Attributes?.ApproximateReceiveCount ?? 1),
    };
  }

  /** It is this runner's for so long from now; 0 gives it back. */
  async keep({ receipt }: Message, seconds: number): Promise<void> {
    await this.#sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: this.#url,
        ReceiptHandle: receipt,
        VisibilityTimeout: seconds,
      }),
    );
  }

  async remove({ receipt }: Message): Promise<void> {
    await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: receipt }));
  }

  /** Puts it where people look at what cannot be done, with the reason, and only then takes it off the queue. */
  async bury(message: Message, reason: string): Promise<void> {
    await this.#sqs.send(
      new SendMessageCommand({
        QueueUrl: this.#deadLetterUrl,
        MessageBody: message.body,
        MessageAttributes: { reason: { DataType: "String", StringValue: reason } },
      }),
    );
    await this.remove(message);
  }
}
