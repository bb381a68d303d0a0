package models

import (
	"runtime"
	"sync"

	"chancery/models/bitmap"
)

// An aggregate is added up over cards one by one. So it follows the register: when
// an agreement changes, its card is taken out as it was and added as it is.
type aggregate interface {
	// add takes in a card, read under a query whose conditions it fails or meets;
	// times is 1, or -1 to take it out.
	add(s *query, r *evaluation, fails facet, times int)
}

// A partial aggregate can be added to another, so that several can be made beside
// each other.
type partial[S any] interface {
	aggregate
	merge(other S)
}

// A bounded aggregate lets go of what comes after a limit, and may come to lack
// some of it when others are taken out.
type bounded interface{ lacking() bool }

// minPerWorker is how many agreements at least are worth a goroutine of their own.
const minPerWorker = 8192

// sumUp adds up over the agreements of a set, parted among the processors. Of their
// parties those are read that only marks, or all; their lists where the aggregate
// needs them.
func sumUp[S partial[S]](s *query, set *bitmap.Set, only []bool, lists bool, begin func() S) S {
	n, end := 1, uint64(0)
	if all := set.Len(); all > 0 {
		n, end = min(runtime.GOMAXPROCS(0), 1+all/minPerWorker), uint64(set.Max())+1
	}
	parts := make([]S, n)
	var wait sync.WaitGroup
	for i := range parts {
		from, until := uint64(i)*end/uint64(n), uint64(i+1)*end/uint64(n)
		parts[i] = begin()
		wait.Go(func() {
			var r evaluation
			for id := range set.From(uint32(from)) {
				if uint64(id) >= until {
					break
				}
				s.read(id, &r, only, lists)
				parts[i].add(s, &r, s.match(&r), 1)
			}
		})
	}
	wait.Wait()
	for _, part := range parts[1:] {
		parts[0].merge(part)
	}
	return parts[0]
}

// Tallied numbers are counted by number, of a word, a person or a year.
type tallied []int32

// add counts a number so many times; the list grows where it must.
func (t *tallied) add(at uint32, times int) {
	if int(at) >= len(*t) {
		*t = append(*t, make(tallied, int(at)+256-len(*t))...)
	}
	(*t)[at] += int32(times)
}

// merge adds another list, the shorter to the longer.
func (t *tallied) merge(other tallied) {
	if len(other) > len(*t) {
		*t, other = other, *t
	}
	for i, n := range other {
		(*t)[i] += n
	}
}
