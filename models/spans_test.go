package models

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"chancery/models/edtf"
	"chancery/models/status"
)

// code is a state as a card has it.
func code(s status.Status, uncertain bool) uint8 {
	return uint8(status.State{Status: s, Uncertain: uncertain}.Code())
}

func TestStretchesAreTheRunsInForce(t *testing.T) {
	inForce, expired, signed := code(status.InForce, false), code(status.Expired, false), code(status.Signed, false)
	open := code(status.InForce, true)
	tests := map[string]struct {
		spans []cardSpan
		want  string
	}{
		"none":                     {nil, ""},
		"never in force":           {[]cardSpan{{10, signed}}, ""},
		"once":                     {[]cardSpan{{10, signed}, {20, inForce}, {30, expired}}, "20-30 "},
		"still":                    {[]cardSpan{{20, inForce}}, "20- "},
		"twice":                    {[]cardSpan{{20, inForce}, {30, expired}, {40, inForce}, {50, expired}}, "20-30 40-50 "},
		"certain and then not":     {[]cardSpan{{20, inForce}, {30, open}, {40, expired}}, "20-40 "},
		"in force from the start":  {[]cardSpan{{0, inForce}, {5, signed}}, "0-5 "},
		"out and at once in again": {[]cardSpan{{20, inForce}, {30, expired}, {30, inForce}}, "20-30 30- "},
	}
	for name, test := range tests {
		got := ""
		stretches(test.spans, func(from, until int32) {
			if until == noEnd {
				got += fmt.Sprintf("%d- ", from)
			} else {
				got += fmt.Sprintf("%d-%d ", from, until)
			}
		})
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

// randomSpans are in order, each of another state than the one before.
func randomSpans(t *rapid.T, label string) (spans []cardSpan) {
	day, last := int32(0), proposedCode
	for range rapid.IntRange(0, 6).Draw(t, label+": how many") {
		day += int32(rapid.IntRange(1, 50).Draw(t, label+": days"))
		s := code(rapid.SampledFrom(status.Statuses).Draw(t, label+": status"), rapid.Bool().Draw(t, label+": uncertain"))
		if s != last {
			spans, last = append(spans, cardSpan{day, s}), s
		}
	}
	return spans
}

// The state on a day is that of the last span that has begun; together lays out any
// state that follows from several lists without two equal spans in a row.
func TestSpansTellTheStateOfEveryDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := randomSpans(t, "a"), randomSpans(t, "b")
		worst := func(day int32) uint8 { return max(stateOn(a, day), stateOn(b, day)) }
		both := together([][]cardSpan{a, b}, nil, worst)
		for day := int32(0); day < 320; day++ {
			want := proposedCode
			for _, span := range a {
				if span.From <= day {
					want = span.State
				}
			}
			if got := stateOn(a, day); got != want {
				t.Fatalf("on day %d of %v: %d, want %d", day, a, got, want)
			}
			if got := stateOn(both, day); got != worst(day) {
				t.Fatalf("on day %d of %v and %v: %d, want %d", day, a, b, got, worst(day))
			}
		}
		for i := 1; i < len(both); i++ {
			if both[i].State == both[i-1].State || both[i].From <= both[i-1].From {
				t.Fatalf("%v and %v are together %v", a, b, both)
			}
		}
	})
}

// A card's text says the same again when it is read.
func TestSpansAreReadAsTheyWereWritten(t *testing.T) {
	tests := map[string][]status.Spell{
		"-":            nil,
		"2026-01-01=2": {{From: "2026-01-01", Until: edtf.LastDay, State: status.State{Status: status.InForce}}},
		"2026-01-01=2;2028-01-01=16": {{From: edtf.FirstDay, Until: "2025-12-31", State: status.State{Status: status.Proposed}},
			{From: "2026-01-01", Until: "2027-12-31", State: status.State{Status: status.InForce}},
			{From: "2028-01-01", Until: edtf.LastDay, State: status.State{Status: status.Expired}}},
		"2026-01-01=3;2027-01-01=2": {
			{From: "2026-01-01", Until: "2026-12-31", State: status.State{Status: status.InForce, Uncertain: true}},
			{From: "2027-01-01", Until: edtf.LastDay, State: status.State{Status: status.InForce}},
		},
	}
	for want, spans := range tests {
		if got := spansText(spans); got != want {
			t.Errorf("%v is written %q, want %q", spans, got, want)
		}
	}
}
