import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Gives credentials out over loopback, as AWS does to containers. */
export class ContainerCredentials {
  private constructor(private readonly server: Server) {}

  static async start(given: {
    readonly AccessKeyId?: string | undefined;
    readonly SecretAccessKey?: string | undefined;
    readonly SessionToken?: string | undefined;
    readonly Expiration?: Date | undefined;
  }): Promise<ContainerCredentials> {
    const { SessionToken: Token, ...others } = given;
    const server = createServer((_request, response) => {
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ ...others, Token }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ContainerCredentials(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
