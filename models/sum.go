package models

import (
	"runtime"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/hashicorp/golang-lru/v2/simplelru"
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

// A kept value was made under a selection. It holds until an agreement changes that all parties asked for are in, before or
// afterwards; then the sum that it was made of follows, and it is made of it again. Without a sum it is let go of.
type kept struct {
	value any // nil when it is to be made again
	sum   sum
	under selection
}

// How many values, and how many whole pasts, are kept at the most: those asked for last. Of a big register fewer values are: no more
// than fit in keptBytes, were each of the longest.
const (
	mostKept  = 512
	mostPasts = 8
	keptBytes = 64 << 20
)

// room is how many values are kept of this register. The longest has a bit of each agreement and a number of each word, four times
// (subjects, places, series, languages), of each party and person.
func (x *cardIndex) room() int {
	longest := len(x.at)/8 + 4*(4*len(x.words.texts)+len(x.parties.texts)+int(x.lastPerson))
	return min(mostKept, max(mostKept/16, keptBytes/max(1, longest)))
}

// worth is what part of the register a sum is made of at least to be kept: one of less is soon made again.
const worth = 64

func newCache[V any](size int) *simplelru.LRU[string, V] {
	cache, err := simplelru.NewLRU[string, V](size, nil)
	if err != nil {
		panic(err) // the size is not positive
	}
	return cache
}

// cached makes a value of a sum under a selection, or gives what was made and still holds. Nobody writes to the value.
func cached[S partial[S], T any](s *selection, what string, total func() S, value func(S) T) T {
	x, key := s.cardIndex, s.key(what)
	if k := x.find(key); k.value != nil {
		return k.value.(T)
	}
	made, _, _ := x.computing.Do(key, func() (any, error) { // readers who ask for the same at once wait for one answer
		k := x.find(key)
		if sum, there := k.sum.(S); there {
			k.value = value(sum)
		} else {
			sum := total()
			k = s.kept(value(sum), sum)
		}
		x.keep(key, k)
		return k.value, nil
	})
	return made.(T)
}

// kept is a value and the sum that it was made of, if that is worth keeping.
func (s *selection) kept(value any, sum sum) kept {
	switch {
	case s.past != nil || s.found != nil: // any change can hide more of the past, and be found by words
		return kept{value: value}
	case s.candidates().GetCardinality()*worth < s.live.GetCardinality():
		return kept{value: value, under: selection{sideWords: s.sideWords}}
	}
	return kept{value, sum, selection{Filter: s.Filter, cardIndex: s.cardIndex, sides: s.sides, outside: s.outside, sideWords: s.sideWords}}
}

// find gives what is kept under a key, or nothing.
func (x *cardIndex) find(key string) kept {
	x.cacheMu.Lock()
	defer x.cacheMu.Unlock()
	if k, there := x.cache.Get(key); there {
		return *k
	}
	return kept{}
}

func (x *cardIndex) keep(key string, k kept) {
	x.cacheMu.Lock()
	defer x.cacheMu.Unlock()
	x.cache.Resize(x.room())
	x.cache.Add(key, &k)
}

// turn has what is kept follow an agreement from one card to another; a card without parties is none.
func (x *cardIndex) turn(before, after *card) {
	x.cacheMu.Lock()
	defer x.cacheMu.Unlock()
	for _, key := range x.cache.Keys() {
		k, _ := x.cache.Peek(key)
		if !k.under.concerns(before) && !k.under.concerns(after) {
			continue
		}
		if k.follow(before, after); k.sum == nil {
			x.cache.Remove(key)
		}
	}
}

// follow has the sum follow; it is let go of where it cannot.
func (k *kept) follow(before, after *card) {
	k.value = nil
	if k.sum == nil {
		return
	}
	k.under.compile() // the index may have got a word since that the filter names
	for i, c := range []*card{before, after} {
		if len(c.Parties) > 0 {
			r := reading{card: *c}
			k.sum.add(&k.under, &r, k.under.match(&r), 2*i-1)
		}
	}
	if t, ok := k.sum.(*turns); ok && t.lacking() {
		k.sum = nil
	}
}

// concerns tells whether an agreement has all parties asked for.
func (s *selection) concerns(c *card) bool {
	return !slices.ContainsFunc(s.sideWords, func(side []uint32) bool {
		return !slices.ContainsFunc(c.Parties, func(p cardParty) bool { return slices.Contains(side, p.Party) })
	})
}

// forget lets go of what any change can concern, or of everything.
func (x *cardIndex) forget(everything bool) {
	x.cacheMu.Lock()
	defer x.cacheMu.Unlock()
	x.pasts.Purge()
	for _, key := range x.cache.Keys() {
		if k, _ := x.cache.Peek(key); everything || k.sum == nil && len(k.under.sideWords) == 0 {
			x.cache.Remove(key)
		}
	}
}
