//go:build tools

// Package cli pins the engine's command line: go.mod and go.sum are what scripts/setup builds it from.
package cli

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
