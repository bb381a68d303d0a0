package models

import (
	"slices"
	"testing"

	"chancery/models/edtf"

	"chancery/models/bitmap"
)

func TestSplitList(t *testing.T) {
	tests := []struct{ given, want []string }{
		{nil, nil},
		{[]string{""}, nil},
		{[]string{" , ; \n "}, nil},
		{[]string{"fish"}, []string{"fish"}},
		{[]string{"fish, grain"}, []string{"fish", "grain"}},
		{[]string{"fish;grain\ntrade"}, []string{"fish", "grain", "trade"}},
		{[]string{"fish", "fish ", "grain,fish"}, []string{"fish", "grain"}},
		{[]string{"peace and friendship"}, []string{"peace and friendship"}},
	}
	for _, test := range tests {
		if got := splitList(test.given); !slices.Equal(got, test.want) {
			t.Errorf("%q: %q, want %q", test.given, got, test.want)
		}
	}
}

func TestTrimKeepsLinesAndDropsTheirCarriageReturns(t *testing.T) {
	for typed, want := range map[string]string{"": "", " a ": "a", "a\r\nb": "a\nb", "\r\n": "", "a\rb": "a\rb",
		"\ta b\t": "a b"} {
		got := typed
		if trim(&got); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

func TestOneLine(t *testing.T) {
	for typed, want := range map[string]string{"": "", "a\nb": "a b", " a\t b ": "a b", "a\u00a0b": "a b"} {
		if got := oneLine(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

func TestEscapeLikeTakesNoWildcards(t *testing.T) {
	for typed, want := range map[string]string{"a": "a", "50%": `50\%`, "a_b": `a\_b`, `a\b`: `a\\b`, `\%_`: `\\\%\_`} {
		if got := escapeLike(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
		if got := likePrefix(typed); got != want+"%" {
			t.Errorf("what begins with %q: %q", typed, got)
		}
		if got := likeWithin(typed); got != "%"+want+"%" {
			t.Errorf("what holds %q: %q", typed, got)
		}
	}
}

func TestSmallHelpers(t *testing.T) {
	if got := orElse("", edtf.Day("2001-01-01")); got != "2001-01-01" {
		t.Error(got)
	}
	if got := orElse("2000-01-01", edtf.Day("2001-01-01")); got != "2000-01-01" {
		t.Error(got)
	}
	if got := unique([]int64{3, 1, 3, 2, 1}); !slices.Equal(got, []int64{1, 2, 3}) {
		t.Error(got)
	}
	if bit(true) != 1 || bit(false) != 0 {
		t.Error("bits")
	}
	if got := numbers(bitmap.Of(5, 1, 3)); got != "1,3,5" {
		t.Error(got)
	}
	if got := numbers(bitmap.New()); got != "" {
		t.Error(got)
	}
	for tag, want := range map[string]bool{"en": true, "de-CH": true, "zh-Hant": true, "und": true, "": false, "e": false,
		"english language": false, "x": false} {
		if isLanguage(tag) != want {
			t.Errorf("%q is a language: %v", tag, !want)
		}
	}
}

func TestInvalidNamesTheFirstProblemOfAField(t *testing.T) {
	problems := Invalid{}
	if problems.orNil() != nil {
		t.Error("nothing is a problem")
	}
	problems.add("b", "required")
	problems.add("a", "choice", "value", "x", "choices", "y, z")
	problems.add("a", "required")
	if got := problems.Fields(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("the fields are %q", got)
	}
	if problems["a"].Code != "choice" || problems["a"].Args["choices"] != "y, z" {
		t.Errorf("a: %+v", problems["a"])
	}
	if got := problems.orNil().Error(); got != "invalid: a: choice, b: required" {
		t.Error(got)
	}
}
