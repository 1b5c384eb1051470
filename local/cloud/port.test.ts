import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, it } from "vitest";
import { listeningInodes, portHolder, portTaken } from "./port.ts";

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:11D6 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100
   1: 0100007F:11D6 0100007F:8000 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000 100
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000000000000 100
`;

it("finds who listens in the kernel's table, and not who is connected", () => {
  expect(listeningInodes(table, 4566)).toEqual(["4711"]);
  expect(listeningInodes(table, 80)).toEqual(["4713"]);
  expect(listeningInodes(table, 32768)).toEqual([]);
  expect(listeningInodes("", 80)).toEqual([]);
});

it("names the process that has a port", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  expect(await portTaken(port)).toBe(true);
  expect(portHolder(port)?.pid).toBe(process.pid);
  server.close();
  await once(server, "close");
  expect(await portTaken(port)).toBe(false);
  expect(portHolder(port)).toBeUndefined();
});
