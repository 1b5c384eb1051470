import type { Statement } from "./policy.ts";

/** A token for the registry. It opens nothing by itself, and there is no resource to name: ECR takes only all. */
export const LOG_IN_TO_REGISTRY: Statement = {
  Sid: "LogInToRegistry",
  Effect: "Allow",
  Action: ["ecr:GetAuthorizationToken"],
  Resource: "*",
};

const PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"];

export function pullImages(repositoryArns: readonly string[]): Statement {
  return { Sid: "PullImages", Effect: "Allow", Action: PULL, Resource: repositoryArns };
}

export function pushImages(repositoryArns: readonly string[]): Statement {
  return {
    Sid: "PushImages",
    Effect: "Allow",
    Action: [
      ...PULL,
      "ecr:InitiateLayerUpload",
      "ecr:UploadLayerPart",
      "ecr:CompleteLayerUpload",
      "ecr:PutImage",
    ],
    Resource: repositoryArns,
  };
}

export function describeImages(repositoryArns: readonly string[]): Statement {
  return { Sid: "FindImages", Effect: "Allow", Action: ["ecr:DescribeImages"], Resource: repositoryArns };
}

/** What is kept in a repository: images by the content that they were made of, of which only the newest are used. */
export const IMAGE_LIFECYCLE = {
  rules: [
    {
      rulePriority: 1,
      description: "Only the newest images are used; an older one is made again when it is",
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 20 },
      action: { type: "expire" },
    },
  ],
} as const;
