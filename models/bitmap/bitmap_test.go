package bitmap_test

import (
	"maps"
	"slices"
	"testing"

	"chancery/models/bitmap"

	"pgregory.net/rapid"
)

// model is a set as it is told in the mathematics of Go.
type model map[uint32]bool

func (m model) slice() []uint32 { return slices.Sorted(maps.Keys(m)) }

// drawSet draws a set, with long runs and thin stretches.
func drawSet(t *rapid.T, label string) (*bitmap.Set, model) {
	s, m := bitmap.New(), model{}
	for range rapid.IntRange(0, 4).Draw(t, label) {
		first := rapid.Uint32Range(0, 1<<18).Draw(t, "first")
		step := rapid.SampledFrom([]uint32{1, 2, 7, 500}).Draw(t, "step")
		for i := range rapid.Uint32Range(0, 9000).Draw(t, "n") {
			s.Add(first + i*step)
			m[first+i*step] = true
		}
	}
	return s, m
}

func same(t *rapid.T, what string, s *bitmap.Set, m model) {
	t.Helper()
	want := m.slice()
	if got := s.Slice(); !slices.Equal(got, want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	if s.Len() != len(want) || s.IsEmpty() != (len(want) == 0) {
		t.Fatalf("%s: Len is %d of %d", what, s.Len(), len(want))
	}
	if len(want) > 0 && s.Max() != want[len(want)-1] {
		t.Fatalf("%s: Max is %d, want %d", what, s.Max(), want[len(want)-1])
	}
}

// Sets are combined as the mathematics says, and leave those alone that they are
// combined with.
func TestSetsAreCombined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, ma := drawSet(t, "a")
		b, mb := drawSet(t, "b")
		same(t, "a", a, ma)
		and, or, not := model{}, maps.Clone(ma), model{}
		for n := range ma {
			if mb[n] {
				and[n] = true
			} else {
				not[n] = true
			}
		}
		maps.Copy(or, mb)
		same(t, "and", bitmap.And(a, b), and)
		if n := bitmap.LenAnd(a, b); n != len(and) {
			t.Fatalf("%d are in both, want %d", n, len(and))
		}
		for what, c := range map[string]struct {
			do   func(s *bitmap.Set)
			want model
		}{"And": {func(s *bitmap.Set) { s.And(b) }, and}, "Or": {func(s *bitmap.Set) { s.Or(b) }, or},
			"AndNot": {func(s *bitmap.Set) { s.AndNot(b) }, not}} {
			s := a.Clone()
			c.do(s)
			same(t, what, s, c.want)
			s.Add(77)
			s.Remove(0)
			same(t, "a beside "+what, a, ma)
			same(t, "b beside "+what, b, mb)
		}
		least := rapid.Uint32Range(0, 1<<19).Draw(t, "least")
		want := slices.DeleteFunc(ma.slice(), func(n uint32) bool { return n < least })
		if got := slices.Collect(a.From(least)); !slices.Equal(got, want) {
			t.Fatalf("from %d: %d numbers, want %d", least, len(got), len(want))
		}
		for range a.All() {
			break // who has enough gets no more
		}
	})
}

// Numbers go in and out one by one.
func TestNumbersGoInAndOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, m := drawSet(t, "set")
		for range rapid.IntRange(0, 3).Draw(t, "rounds") {
			in := rapid.Bool().Draw(t, "in")
			first := rapid.Uint32Range(0, 1<<18).Draw(t, "first")
			for n := first; n < first+rapid.Uint32Range(0, 6000).Draw(t, "n"); n++ {
				if in {
					s.Add(n)
					m[n] = true
				} else {
					s.Remove(n)
					delete(m, n)
				}
			}
			if rapid.Bool().Draw(t, "clip") {
				s.Clip()
			}
			same(t, "set", s, m)
		}
		for range 50 {
			if n := rapid.Uint32Range(0, 1<<19).Draw(t, "number"); s.Contains(n) != m[n] {
				t.Fatalf("%d: %t, want %t", n, s.Contains(n), m[n])
			}
		}
	})
	if s := bitmap.Of(5, 1, 3, 1<<32-1); !slices.Equal(s.Slice(), []uint32{1, 3, 5, 1<<32 - 1}) || s.Max() != 1<<32-1 {
		t.Errorf("%v", s.Slice())
	}
}
