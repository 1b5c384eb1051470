export { type LoadedConfig, loadConfig, type PipelineSecrets } from "./config/load.ts";
export type * from "./config/model.ts";
export { type ParseResult, parseConfig, serializeConfig } from "./config/parse.ts";
export { formatProblem, formatProblems, type Problem } from "./config/problems.ts";
