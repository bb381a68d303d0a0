// Package migrations holds the schema of the register as numbered SQL, once for
// each engine.
package migrations

import "embed"

//go:embed postgres/*.sql sqlite/*.sql
var files embed.FS

// Files returns the numbered SQL, in the folders "postgres" and "sqlite".
func Files() embed.FS { return files }
