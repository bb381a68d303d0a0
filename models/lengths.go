package models

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Every text from outside has a longest length, in characters: the tag max of its
// field in a draft. checkLengths is the one place that holds drafts against it,
// before anything is looked up or written.

// checkLengths notes each text of a draft, or of what is within it, that is longer
// than its field takes.
func checkLengths(draft any, problems Invalid) {
	checkLengthsOf(reflect.ValueOf(draft), "", "", problems)
}

// checkLengthsOf looks at a value that stands at a path, in a field with a tag.
func checkLengthsOf(v reflect.Value, path, most string, problems Invalid) {
	switch v.Kind() {
	case reflect.Pointer:
		checkLengthsOf(v.Elem(), path, most, problems)
	case reflect.String:
		limit, err := strconv.Atoi(most)
		if err != nil {
			panic("no longest length of " + path) // a test looks at every field
		}
		if text := v.String(); len(text) > limit && utf8.RuneCountInString(text) > limit {
			problems.add(path, "too_long", "limit", most)
		}
	case reflect.Slice:
		for i := range v.Len() {
			checkLengthsOf(v.Index(i), fmt.Sprintf("%s[%d]", path, i), most, problems)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if path != "" {
				name = path + "." + name
			}
			checkLengthsOf(v.Field(i), name, field.Tag.Get("max"), problems)
		}
	}
}
