package models

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The canonical form must never change: the chains of all registers are made of it.
// The digest is that of these very bytes, by sha256sum.
func TestTheCanonicalFormOfARevisionStays(t *testing.T) {
	account := int64(3)
	at := time.Date(2026, 11, 23, 13, 5, 7, 89_999_999, time.FixedZone("", 3*3600))
	r := Revision{Subject: "agreement", SubjectKey: "7", Number: 2, Action: "revised", Actor: "Anna <a@b>",
		AccountID: &account,
		Address:   "192.0.2.1", At: at, Comment: "line\none & \"two\"", Record: `{"titles":[{"text":"Über Fisch"}]}`}
	want := `{"subject":"agreement","key":"7","number":2,"action":"revised","actor":"Anna <a@b>","account":3,` +
		`"address":"192.0.2.1","at":"2026-11-23T10:05:07.089Z","comment":"line\none & \"two\"",` +
		`"record":"{\"titles\":[{\"text\":\"Über Fisch\"}]}"}`
	if got := r.digestNow(); got != hexSum(want) {
		t.Errorf("the digest is %s, not that of %s", got, want)
	}
	r.AccountID = nil
	if got := r.digestNow(); got != hexSum(strings.Replace(want, `"account":3`, `"account":0`, 1)) {
		t.Error("no account is not 0")
	}
	if hexSum("") != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Error("the sum of nothing is not that of SHA-256")
	}
	if link("", hexSum("a")) != hexSum(hexSum("a")) || link(hexSum("a"), hexSum("b")) != hexSum(hexSum("a")+hexSum("b")) {
		t.Error("a link is not the sum of the hash before it and the digest")
	}
}

// Where a list goes on is read as it was written; what is none is an error, not
// another place.
func TestACursorComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.StringMatching(`[12][0-9]{3}-0[1-9]-[12][0-9]`)
		number := rapid.Int64Range(0, 1<<50)
		c := cursor{Agreement: number.Draw(t, "agreement"), ID: number.Draw(t, "id")}
		c.Earliest.Scan(day.Draw(t, "earliest"))
		c.Latest.Scan(day.Draw(t, "latest"))
		text := c.String()
		if strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Fatalf("%s is no part of an address", text)
		}
		if back, err := parseCursor(text); err != nil || back != c {
			t.Fatalf("%+v became %+v: %v", c, back, err)
		}
	})
	for _, text := range []string{"", "!", "AAAA", "2020-01-01 2020-01-01 1 1", "MjAyMA"} {
		if c, err := parseCursor(text); err == nil {
			t.Errorf("%q is read as %+v", text, c)
		}
	}
}

func TestConditionsAreJoined(t *testing.T) {
	var c condition
	if c.String() != "TRUE" {
		t.Errorf("no condition is %s", c.String())
	}
	c.and("a = ?", 1)
	c.and("b IN (?, ?)", 2, 3)
	if c.String() != "a = ? AND b IN (?, ?)" || len(c.args) != 3 {
		t.Errorf("two are %s of %v", c.String(), c.args)
	}
	for _, test := range [][3]string{{"BY", "RU", "BY-RU"}, {"RU", "BY", "BY-RU"}, {"BY", "BY", "BY-BY"}} {
		if p := PairOf(test[0], test[1]); p[0]+"-"+p[1] != test[2] {
			t.Errorf("the pair of %s and %s is %v", test[0], test[1], p)
		}
	}
}
