package models

import (
	"strings"
	"testing"
)

// A password is long enough, not too long, and not among those that are tried
// first: common ones, keyboards, and the account's own words.
func TestPasswordsThatAreEasilyGuessedAreRefused(t *testing.T) {
	a := &Account{Name: "Anna Weber", Email: "anna.weber@example.org"}
	for password, code := range map[string]string{
		"":                                      "password_short",
		"short":                                 "password_short",
		strings.Repeat("ж", shortestPassword-1): "password_short",
		strings.Repeat("x", longestPassword+1):  "too_long",
		"passwordpassword":                      "password_common",
		"qwertyuiop123":                         "password_common",
		"aaaaaaaaaaaaaaaa":                      "password_common",
		"annaweberannaweber":                    "password_common",
		"anna.weber@example.org":                "password_common",
		"chancerychancery":                      "password_common",
		"correct horse battery staple":          "",
		"7 Möwen über Minsk, bitte!":            "",
		"неторопливый барсук у реки": "",
	} {
		problems := Invalid{}
		checkPassword(password, "password", a, problems)
		if got := problems["password"].Code; got != code {
			t.Errorf("%.40q is refused as %q, want %q", password, got, code)
		}
	}
}

func TestAHashIsComparedWithItsPassword(t *testing.T) {
	hash, err := hashPassword("correct horse battery staple")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		password, hash string
		match, old     bool
	}{
		{"correct horse battery staple", hash, true, false},
		{"Correct horse battery staple", hash, false, false},
		{"", hash, false, false},
		{"correct horse battery staple", "", false, false},
		{"correct horse battery staple", "$argon2id$v=19$broken", false, false},
		{"x", nobodys(), false, false},
	} {
		if match, old := comparePassword(test.password, test.hash); match != test.match || old != test.old {
			t.Errorf("%q against %.20q: match %v, old %v", test.password, test.hash, match, old)
		}
	}
	other, err := hashPassword("correct horse battery staple")
	if err != nil || other == hash {
		t.Errorf("two hashes of one password are the same: %v", err)
	}
}

func TestTheFirstRunesOfATextAreWhole(t *testing.T) {
	for _, test := range []struct {
		text string
		n    int
		want string
	}{{"abc", 5, "abc"}, {"abc", 3, "abc"}, {"abc", 2, "ab"}, {"жук", 2, "жу"}, {"", 2, ""}} {
		if got := firstRunes(test.text, test.n); got != test.want {
			t.Errorf("the first %d of %q are %q", test.n, test.text, got)
		}
	}
}
