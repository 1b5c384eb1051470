// Stands for the package ssh2 in bundles: dockerode loads it for daemons behind SSH, which the agent never talks to.
export class Client {
  constructor() {
    throw new Error("this bundle has no SSH");
  }
}
