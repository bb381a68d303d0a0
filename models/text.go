package models

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"chancery/models/bitmap"

	"chancery/models/edtf"
)

// oneLine makes one line of a text: what an index compares has no line breaks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// trim takes white space off, and makes line ends of one character.
func trim(fields ...*string) {
	for _, f := range fields {
		*f = strings.TrimSpace(strings.ReplaceAll(*f, "\r\n", "\n"))
	}
}

// setDefault fills in an empty field.
func setDefault(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// splitList takes a list given as several values or as one with commas or
// semicolons, without empty or double ones.
func splitList(values []string) (list []string) {
	for _, v := range values {
		for _, item := range strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
			if item = strings.TrimSpace(item); item != "" && !slices.Contains(list, item) {
				list = append(list, item)
			}
		}
	}
	return list
}

// orElse is the first of two days, or the second where that is missing.
func orElse(a, b edtf.Day) edtf.Day {
	if a != "" {
		return a
	}
	return b
}

// unique sorts numbers and drops double ones.
func unique(ids []int64) []int64 {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// bit is 1 for true.
func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// numbers writes a set as numbers with commas between.
func numbers(set *bitmap.Set) string {
	var b strings.Builder
	for n := range set.All() {
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		fmt.Fprint(&b, n)
	}
	return b.String()
}

// isLanguage tells whether a text is a language's tag (BCP 47).
func isLanguage(tag string) bool {
	_, err := language.Parse(tag)
	return err == nil
}
