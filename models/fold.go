package models

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Fold reduces a text to what is compared when names and titles are looked up: lower case, without diacritics and
// punctuation, single spaces. Ё and й fold to е and и with their marks.
func Fold(s string) string {
	strip := transform.Chain(norm.NFKD, runes.Map(unicode.ToLower), runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	folded, _, err := transform.String(strip, s)
	if err != nil {
		folded = strings.ToLower(s)
	}
	words := strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	return strings.Join(words, " ")
}

// likePrefix and likeWithin make patterns for LIKE … ESCAPE '\' from folded text.
func likePrefix(folded string) string { return escapeLike(folded) + "%" }
func likeWithin(folded string) string { return "%" + escapeLike(folded) + "%" }

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s)
}
