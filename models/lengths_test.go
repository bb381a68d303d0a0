package models

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// Every text of every draft has a longest length, and one more than it is named,
// with its place.
func TestEveryTextHasALongestLength(t *testing.T) {
	for _, draft := range []any{new(AgreementDraft), new(MeetingDraft), new(PersonDraft), new(PartyDraft)} {
		v := reflect.ValueOf(draft).Elem()
		fillDraft(v, "", func(path, most string, set func(string)) {
			limit, err := strconv.Atoi(most)
			if err != nil || limit < 1 {
				t.Errorf("%T: %s has no longest length", draft, path)
				return
			}
			for length, want := range map[int]string{limit: "", limit + 1: "too_long"} {
				set(strings.Repeat("ж", length))
				problems := Invalid{}
				checkLengths(draft, problems)
				if problems[path].Code != want || len(problems) != len(want)/len("too_long") {
					t.Errorf("%T: %d characters in %s: %v", draft, length, path, problems)
				}
			}
			set("")
		})
	}
}

// fillDraft visits every text of a draft in which each list has one row.
func fillDraft(v reflect.Value, path string, visit func(path, most string, set func(string))) {
	for i := range v.NumField() {
		field, at := v.Type().Field(i), v.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		name = strings.TrimPrefix(path+"."+name, ".")
		if at.Kind() == reflect.Slice {
			at.Set(reflect.MakeSlice(at.Type(), 1, 1))
			at, name = at.Index(0), name+"[0]"
		}
		switch at.Kind() {
		case reflect.Struct:
			fillDraft(at, name, visit)
		case reflect.String:
			visit(name, field.Tag.Get("max"), at.SetString)
		case reflect.Bool:
		default:
			panic("a field of a kind without a rule: " + name)
		}
	}
}

func TestACommentHasALongestLength(t *testing.T) {
	var invalid Invalid
	if err := (Change{Comment: strings.Repeat("x", maxComment+1)}).checkLengths(); !errors.As(err, &invalid) ||
		invalid["comment"].Code != "too_long" {
		t.Errorf("%v", err)
	}
	if err := (Change{Actor: strings.Repeat("x", maxActor), Comment: strings.Repeat("ж",
		maxComment)}).checkLengths(); err != nil {
		t.Error(err)
	}
}
