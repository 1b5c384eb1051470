//go:build tools

// Package actionlint pins the linter of workflows that set-up builds. It is never compiled.
package actionlint

import _ "github.com/rhysd/actionlint/cmd/actionlint"
