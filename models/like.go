package models

import "strings"

// likePrefix and likeWithin make patterns for LIKE … ESCAPE '\' from folded text.
func likePrefix(folded string) string { return escapeLike(folded) + "%" }
func likeWithin(folded string) string { return "%" + escapeLike(folded) + "%" }

// escapeLike takes the meaning off the wildcards of LIKE.
func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s)
}
