// Plain JavaScript: it is needed to make the bundle that Node.js is to run.

/** The SDK's modules that the pack's bundle gets a smaller file for, by the file's path in the repository. */
export const STAND_INS = Object.freeze({
  "@pulumi/pulumi": "policies/sdk/asset.ts",
  "@pulumi/pulumi/runtime/rpc": "policies/sdk/signatures.ts",
});
