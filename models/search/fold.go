package search

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Fold reduces a text to what is compared when names and titles are looked up:
// lower case, without diacritics and punctuation, single spaces. Ё and й fold to е
// and и with their marks.
func Fold(s string) string {
	if folded, ok := foldASCII(s); ok {
		return folded
	}
	strip := strippers.Get().(transform.Transformer)
	defer strippers.Put(strip)
	folded, _, err := transform.String(strip, s)
	if err != nil {
		folded = strings.ToLower(s)
	}
	words := strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	return strings.Join(words, " ")
}

// strippers take letters to lower case and off them their marks; each has buffers
// of some KB, and serves one text after the other.
var strippers = sync.Pool{New: func() any {
	return transform.Chain(norm.NFKD, runes.Map(unicode.ToLower), runes.Remove(runes.In(unicode.Mn)), norm.NFC)
}}

// foldASCII folds a text of the first 128 characters alone, which most are, without
// what the others need.
func foldASCII(s string) (string, bool) {
	b := make([]byte, 0, len(s))
	apart := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return "", false
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		default:
			apart = true
			continue
		}
		if apart && len(b) > 0 {
			b = append(b, ' ')
		}
		apart = false
		b = append(b, c)
	}
	return string(b), true
}
