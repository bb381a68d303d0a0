package models

import (
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/sync/singleflight"
)

// A cache keeps what was computed of the register at its last change: values by
// what they are and the filter, and pasts by their moment. What it holds is right
// for the current snapshot alone; who still reads an older one neither takes from
// it nor puts into it.
type cache struct {
	mu      sync.Mutex
	of      *snapshot
	entries *simplelru.LRU[string, *cacheEntry]
	pasts   *simplelru.LRU[string, *asRecorded]

	computing singleflight.Group
}

// A cacheEntry was made under a query. It holds until an agreement changes that all
// parties asked for are in, before or afterwards; then the aggregate that it was
// made of follows, and it is made of it again. Without an aggregate it is let go
// of.
type cacheEntry struct {
	mu        sync.Mutex // taken while the cache's is held, and kept by who makes the value of the aggregate
	value     any        // nil when it is to be made again
	aggregate aggregate
	under     query
}

// How many values, and how many whole pasts, are kept at the most: those asked for
// last. Of a big register fewer values are: no more than fit in cachedBytes, were
// each of the longest.
const (
	maxEntries  = 512
	maxPasts    = 8
	cachedBytes = 64 << 20
)

// minCachedFraction is of which part of the register an aggregate is kept at least:
// one of less than a 64th is soon made again.
const minCachedFraction = 64

// newCache makes one that keeps nothing yet.
func newCache() *cache {
	return &cache{entries: newLRU[*cacheEntry](maxEntries), pasts: newLRU[*asRecorded](maxPasts)}
}

// newLRU makes a list that lets go of what was not asked for longest.
func newLRU[V any](size int) *simplelru.LRU[string, V] {
	lru, err := simplelru.NewLRU[string, V](size, nil)
	if err != nil {
		panic(err) // the size is not positive
	}
	return lru
}

// cacheCapacity is how many values are kept of this register. The longest has a bit
// of each agreement and a number of each word, four times (subjects, places,
// series, languages), of each party and person.
func (x *snapshot) cacheCapacity() int {
	longest := len(x.offsets)*pageSize/8 + 4*(4*len(x.words.list())+len(x.parties.list())+int(x.lastPerson))
	return min(maxEntries, max(maxEntries/16, cachedBytes/max(1, longest)))
}

// get gives what is kept under a key for a snapshot, or nil; also while a value is
// made of its aggregate, so that nobody waits for that with the cache held.
func (c *cache) get(x *snapshot, key string) any {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, there := c.entries.Get(key); there && c.of == x && e.mu.TryLock() {
		defer e.mu.Unlock()
		return e.value
	}
	return nil
}

// put keeps an entry that was made of a snapshot, if that is still the current one.
func (c *cache) put(x *snapshot, key string, e *cacheEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == x {
		c.entries.Resize(x.cacheCapacity())
		c.entries.Add(key, e)
	}
}

// asRecorded gives what is kept of the register as it stood at a moment, for a
// snapshot, or nil.
func (c *cache) asRecorded(x *snapshot, moment string) *asRecorded {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, there := c.pasts.Get(moment); there && c.of == x {
		return p
	}
	return nil
}

// putAsRecorded keeps the register of a moment, if the snapshot that it was read
// beside is still the current one.
func (c *cache) putAsRecorded(x *snapshot, moment string, p *asRecorded) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == x {
		c.pasts.Add(moment, p)
	}
}

// cached makes a value of an aggregate under a query, or gives what was made and
// still holds. Nobody writes to the value.
func cached[S partial[S], T any](s *query, what string, total func() S, value func(S) T) T {
	key := s.key(what)
	if made := s.cache.get(s.snapshot, key); made != nil {
		return made.(T)
	}
	// Readers who ask for the same of the same snapshot at once wait for one answer.
	made, _, _ := s.cache.computing.Do(fmt.Sprint(s.change, " ", key), func() (any, error) {
		if again, ok := remade(s, key, value); ok {
			return again, nil
		}
		sum := total()
		made := value(sum)
		s.cache.put(s.snapshot, key, s.cacheEntry(made, sum))
		return made, nil
	})
	return made.(T)
}

// remade makes a value of an aggregate that is kept and has followed the register.
func remade[S partial[S], T any](s *query, key string, value func(S) T) (made T, ok bool) {
	c := s.cache
	c.mu.Lock()
	e, there := c.entries.Get(key)
	if !there || c.of != s.snapshot {
		c.mu.Unlock()
		return made, false
	}
	e.mu.Lock() // before the cache is let go of: the aggregate does not follow until the value is made
	c.mu.Unlock()
	defer e.mu.Unlock()
	sum, ok := e.aggregate.(S)
	if !ok {
		return made, false
	}
	made = value(sum)
	e.value = made
	return made, true
}

// cacheEntry is a value and the aggregate that it was made of, if that is worth
// keeping.
func (s *query) cacheEntry(value any, of aggregate) *cacheEntry {
	switch {
	case s.asRecorded != nil || s.found != nil: // any change can hide more of the past, and be found by words
		return &cacheEntry{value: value}
	case s.candidates().Len()*minCachedFraction < s.live.Len():
		return &cacheEntry{value: value, under: query{sideWords: s.sideWords}}
	}
	return &cacheEntry{value: value, aggregate: of,
		under: query{Filter: s.Filter, snapshot: s.snapshot, sides: s.sides, hideRestricted: s.hideRestricted,
			sideWords: s.sideWords, concludedOnly: s.concludedOnly}}
}

// advance has what is kept follow the register to its next snapshot, by what was
// replaced between. Where that is nil, or what is shown to who has not signed in
// changes its meaning, everything is let go of.
func (c *cache) advance(next *snapshot, replaced []replacement) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.of
	c.of = next
	if before != nil && before.change == next.change && replaced != nil {
		return
	}
	c.pasts.Purge()
	if before == nil || replaced == nil || before.restricted.IsEmpty() != next.restricted.IsEmpty() {
		c.entries.Purge()
		return
	}
	for _, key := range c.entries.Keys() {
		if e, _ := c.entries.Peek(key); !e.update(next, replaced) {
			c.entries.Remove(key)
		}
	}
}

// update has an entry follow what was replaced; it does not where that concerns it
// and it has no aggregate, or one that cannot.
func (e *cacheEntry) update(next *snapshot, replaced []replacement) bool {
	if e.aggregate == nil && len(e.under.sideWords) == 0 {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.under.snapshot = next
	compiled := false
	for i := range replaced {
		r := &replaced[i]
		if !e.under.concerns(&r.before) && !e.under.concerns(&r.after) {
			continue
		}
		e.value = nil
		if e.aggregate == nil {
			return false
		}
		if !compiled { // the index may have got a word since that the filter names
			e.under.compile()
			compiled = true
		}
		for i, c := range []*card{&r.before, &r.after} {
			if c.There {
				seen := evaluation{card: *c}
				e.aggregate.add(&e.under, &seen, e.under.match(&seen), 2*i-1)
			}
		}
	}
	b, ok := e.aggregate.(bounded)
	return !ok || !b.lacking()
}

// concerns tells whether an agreement has all parties asked for.
func (s *query) concerns(c *card) bool {
	return !slices.ContainsFunc(s.sideWords, func(side []uint32) bool {
		return !slices.ContainsFunc(c.Parties, func(p cardParty) bool { return slices.Contains(side, p.Party) })
	})
}
