package models

import (
	"testing"
)

// What can be a mistyped word is one of letters, of four at least, that is neither
// quoted nor excluded.
func TestWhatCanBeMistyped(t *testing.T) {
	for typed, want := range map[string]bool{
		"fihs": true, "fis": false, "рыба": true, "рыб": false, "fish7": false, "-fihs": false, `"fihs"`: false,
		"1972": false,
	} {
		if got := ParseSearch(typed).Terms[0].correctable(); got != want {
			t.Errorf("%s can be mistyped: %v", typed, got)
		}
	}
}
