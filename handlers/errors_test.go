package handlers

import (
	"testing"
	"time"
)

// Who is told to wait need not wait again when they do.
func TestSecondsAreRoundedUp(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0", time.Millisecond: "1", time.Second: "1",
		1001 * time.Millisecond: "2",
		time.Minute:             "60"} {
		if got := seconds(d); got != want {
			t.Errorf("%s is %s seconds", d, got)
		}
	}
}
