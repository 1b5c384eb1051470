import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";

export interface Delivery {
  readonly id: number;
  /** The same for a redelivery: a receiver knows by it that it has seen the event. */
  readonly guid: string;
  readonly hookId: number;
  readonly event: string;
  readonly action: string | null;
  readonly redelivery: boolean;
  readonly deliveredAt: string;
  /** Seconds, as GitHub shows it. */
  readonly duration: number;
  readonly status: string;
  readonly statusCode: number;
  readonly request: { readonly headers: Readonly<Record<string, string>>; readonly payload: unknown };
  readonly response: { readonly headers: Readonly<Record<string, string>>; readonly payload: string };
}

const KEPT = 2000;

/** The deliveries of all hooks, the newest kept, in a file that is only appended to while the process runs. */
export class Deliveries {
  private list: Delivery[] = [];
  private lastId = 0;

  constructor(private readonly file: string) {
    if (existsSync(file)) {
      for (const line of readFileSync(file, "utf8").split("\n")) {
        try {
          if (line !== "") this.list.push(JSON.parse(line));
        } catch {
          // The last line has no end when the process died while it was written.
        }
      }
    }
    this.list = this.list.slice(-KEPT);
    this.lastId = this.list.reduce((highest, { id }) => Math.max(highest, id), 0);
    writeFileSync(file, this.list.map((delivery) => `${JSON.stringify(delivery)}\n`).join(""), {
      mode: 0o600,
    });
  }

  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  add(delivery: Delivery): void {
    this.list.push(delivery);
    if (this.list.length > KEPT) this.list.shift();
    appendFileSync(this.file, `${JSON.stringify(delivery)}\n`);
  }

  /** Newest first. */
  of(hookId: number): Delivery[] {
    return this.list.filter((delivery) => delivery.hookId === hookId).sort((a, b) => b.id - a.id);
  }
}
