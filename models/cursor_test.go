package models

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

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
