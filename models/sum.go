package models

import (
	"runtime"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
)

// A sum is added up over cards one by one. So it follows the register: when an agreement changes, its card is taken out as it was
// and added as it is.
type sum interface {
	// add takes in a card, read under a selection whose conditions it fails or meets; times is 1, or -1 to take it out.
	add(s *selection, r *reading, fails facet, times int)
}

// A partial sum can be added to another, so that several can be made beside each other.
type partial[S any] interface {
	sum
	merge(other S)
}

// share is how many agreements at least are worth a goroutine of their own.
const share = 8192

// sumUp adds up over the agreements of a set, parted among the processors. Of their parties those are read that only marks, or
// all; their lists where the sum needs them.
func sumUp[S partial[S]](s *selection, set *roaring.Bitmap, only []bool, lists bool, begin func() S) S {
	n, end := 1, uint64(0)
	if all := set.GetCardinality(); all > 0 {
		n, end = min(runtime.GOMAXPROCS(0), 1+int(all)/share), uint64(set.Maximum())+1
	}
	parts := make([]S, n)
	var wait sync.WaitGroup
	for i := range parts {
		from, until := uint64(i)*end/uint64(n), uint64(i+1)*end/uint64(n)
		parts[i] = begin()
		wait.Go(func() {
			var r reading
			it := set.Iterator()
			for it.AdvanceIfNeeded(uint32(from)); it.HasNext() && uint64(it.PeekNext()) < until; {
				s.read(it.Next(), &r, only, lists)
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

func (t *tallied) add(at uint32, times int) {
	if int(at) >= len(*t) {
		*t = append(*t, make(tallied, int(at)+256-len(*t))...)
	}
	(*t)[at] += int32(times)
}

func (t *tallied) merge(other tallied) {
	if len(other) > len(*t) {
		*t, other = other, *t
	}
	for i, n := range other {
		(*t)[i] += n
	}
}

// A kept value was made of a sum under a selection. When an agreement changes that all parties asked for are in, before or
// afterwards, the sum follows and the value is to be made again; a value without a sum holds until the next change.
type kept struct {
	value any
	sum   sum
	under selection
}

// mostKept bounds how many values are kept.
const mostKept = 64

// cached makes a value of a sum under a selection, or gives what was made and still holds. Nobody writes to the value.
func cached[S partial[S], T any](s *selection, what string, total func() S, value func(S) T) T {
	x, key := s.cardIndex, s.key(what)
	if k := x.find(key); k.value != nil {
		return k.value.(T)
	}
	made, _, _ := x.computing.Do(key, func() (any, error) { // readers who ask for the same at once wait for one answer
		sum, there := x.find(key).sum.(S)
		if !there {
			sum = total()
		}
		made := value(sum)
		x.keep(key, s.kept(made, sum))
		return made, nil
	})
	return made.(T)
}

// kept is a value, if it is made already, and the sum that it was made of.
func (s *selection) kept(value any, sum sum) kept {
	if s.past != nil || s.found != nil { // any change can hide more of the past, and be found by words
		return kept{value: value}
	}
	return kept{value, sum, selection{Filter: s.Filter, cardIndex: s.cardIndex, sides: s.sides, outside: s.outside, sideWords: s.sideWords}}
}

func (x *cardIndex) find(key string) kept {
	x.cacheMu.Lock()
	defer x.cacheMu.Unlock()
	return x.cache[key]
}

func (x *cardIndex) keep(key string, k kept) {
	x.cacheMu.Lock()
	defer x.cacheMu.Unlock()
	if _, there := x.cache[key]; !there && len(x.cache) >= mostKept {
		clear(x.cache)
	}
	x.cache[key] = k
}

// turn has what is kept follow an agreement from one card to another; a card without parties is none.
func (x *cardIndex) turn(before, after *card) {
	x.cacheMu.Lock()
	defer x.cacheMu.Unlock()
	for key, k := range x.cache {
		if k.sum == nil || !k.under.concerns(before) && !k.under.concerns(after) {
			continue
		}
		k.under.compile() // the index may have got a word since that the filter names
		for i, c := range []*card{before, after} {
			if len(c.Parties) > 0 {
				r := reading{card: *c}
				k.sum.add(&k.under, &r, k.under.match(&r), 2*i-1)
			}
		}
		if t, ok := k.sum.(*turns); ok && t.lacking() {
			delete(x.cache, key)
			continue
		}
		k.value = nil
		x.cache[key] = k
	}
}

// concerns tells whether an agreement has all parties asked for.
func (s *selection) concerns(c *card) bool {
	return !slices.ContainsFunc(s.sideWords, func(side []uint32) bool {
		return !slices.ContainsFunc(c.Parties, func(p cardParty) bool { return slices.Contains(side, p.Party) })
	})
}

// forget lets go of what no sum follows for, or of everything.
func (x *cardIndex) forget(everything bool) {
	x.cacheMu.Lock()
	defer x.cacheMu.Unlock()
	for key, k := range x.cache {
		if everything || k.sum == nil {
			delete(x.cache, key)
		}
	}
}
