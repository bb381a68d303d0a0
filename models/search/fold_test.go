package search

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Weißrussland", "ЁЛКА й", "Côte d’Ivoire", "İstanbul", "\xff\xfe", "条約", "ℿ", "İI"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := Fold(s)
		if again := Fold(folded); utf8.ValidString(s) && again != folded {
			t.Fatalf("%q folds to %q, that to %q", s, folded, again)
		}
		if strings.HasPrefix(folded, " ") || strings.Contains(folded, "  ") {
			t.Fatalf("%q folds to %q", s, folded)
		}
	})
}
