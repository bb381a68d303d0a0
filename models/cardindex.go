package models

import (
	"runtime"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// The card index holds the card of every agreement in memory, packed, so that a
// list with all its counts, a matrix or a panel of years is one walk over cards
// instead of a dozen queries. It follows the register: each reading first asks for
// the number of the last change, and takes in the cards that changed since, as the
// snapshot that follows. What it says is what the table cards says, which each
// change writes in its own transaction.
type cardIndex struct {
	current atomic.Pointer[snapshot]
	next    sync.Mutex // held by who makes the next snapshot
	cache   *cache
	// who reads it at the same time: walks share the processors, and more of them
	// would all be late
	readers *semaphore.Weighted
}

// newCardIndex makes an index that knows nothing yet; the first reading takes
// everything in.
func newCardIndex() *cardIndex {
	x := &cardIndex{readers: semaphore.NewWeighted(int64(2 * runtime.GOMAXPROCS(0))), cache: newCache()}
	x.current.Store(newSnapshot())
	return x
}

// reset has the next reading take everything in anew.
func (x *cardIndex) reset() {
	x.next.Lock()
	defer x.next.Unlock()
	x.publish(newSnapshot(), nil)
}

// publish makes a snapshot the current one; what is cached follows what was
// replaced, or is let go of where that is nil.
func (x *cardIndex) publish(s *snapshot, replaced []replacement) {
	x.cache.advance(s, replaced)
	x.current.Store(s)
}
