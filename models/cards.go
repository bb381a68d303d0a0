package models

import (
	"cmp"
	"context"
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"
	"gorm.io/gorm"
)

// The card index holds the card of every agreement in memory, packed, so that a list with all its counts, a matrix or
// a panel of years is one walk over cards instead of a dozen queries. It follows the register: each reading first asks
// for the number of the last change, and takes in the cards that changed since. What it says is what the table cards
// says, which each change writes in its own transaction.
type cardIndex struct {
	mu         sync.RWMutex
	change     int64        // the register's change up to which cards are taken in
	seen       atomic.Int64 // the same, for who does not hold mu
	end        head         // of the register's history, as it was then
	words      dictionary
	parties    dictionary // codes
	blocks     [][]byte
	at         []uint64 // by register number: 1 + where its packed card begins, block and offset; 0 is none
	wasted     int      // bytes of blocks that no card uses any more
	live       *roaring.Bitmap
	restricted *roaring.Bitmap               // of them, those for who signs in
	taking     map[uint32]*roaring.Bitmap    // of a party's word: the agreements in which it takes part
	looking    map[uint32]*roaring.Bitmap    // the same for depositaries and observers
	byDate     []uint32                      // all live, by date, latest and number, the oldest first
	lastPerson uint32                        // the highest number of a person
	cache      *simplelru.LRU[string, *kept] // by what it is and the filter
	pasts      *simplelru.LRU[string, *past] // by their moment
	cacheMu    sync.Mutex

	readers   *semaphore.Weighted // who reads it at the same time: walks share the processors, and more of them would all be late
	computing singleflight.Group
	scratch   []byte
}

// A dictionary numbers texts from 1.
type dictionary struct {
	numbers map[string]uint32
	texts   []string
}

func newDictionary() dictionary { return dictionary{map[string]uint32{}, []string{""}} }

func (d *dictionary) number(text string) uint32 {
	n, ok := d.numbers[text]
	if !ok {
		n = uint32(len(d.texts))
		text = strings.Clone(text)
		d.numbers[text], d.texts = n, append(d.texts, text)
	}
	return n
}

const blockSize = 1 << 20

func newCardIndex() *cardIndex {
	x := &cardIndex{readers: semaphore.NewWeighted(int64(2 * runtime.GOMAXPROCS(0)))}
	x.clear()
	return x
}

// clear takes everything out.
func (x *cardIndex) clear() {
	x.change, x.end = 0, head{}
	x.words, x.parties = newDictionary(), newDictionary()
	x.blocks, x.at, x.wasted, x.byDate = nil, nil, 0, nil
	x.live, x.restricted, x.lastPerson = roaring.New(), roaring.New(), 0
	x.taking, x.looking = map[uint32]*roaring.Bitmap{}, map[uint32]*roaring.Bitmap{}
	x.cacheMu.Lock()
	x.cache, x.pasts = newCache[*kept](mostKept), newCache[*past](mostPasts)
	x.cacheMu.Unlock()
}

// reset has the next reading take everything in anew.
func (x *cardIndex) reset() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.clear()
	x.seen.Store(0)
}

// get unpacks the card of an agreement that is there.
func (x *cardIndex) get(id uint32, c *card) { c.unpack(id, x.packed(id), nil, true) }

func (x *cardIndex) packed(id uint32) []byte {
	at := x.at[id] - 1
	return x.blocks[at>>32][uint32(at):]
}

// head reads what a card is sorted by.
func (x *cardIndex) head(id uint32) (earliest, latest int32) {
	b := x.packed(id)
	return int32(binary.LittleEndian.Uint32(b)), int32(binary.LittleEndian.Uint32(b[4:]))
}

func (x *cardIndex) compare(a, b uint32) int {
	e, l := x.head(a)
	f, m := x.head(b)
	return cmp.Or(cmp.Compare(e, f), cmp.Compare(l, m), cmp.Compare(a, b))
}

// put takes a card in; the order by date is left to the caller.
func (x *cardIndex) put(c *card) {
	x.reserve(c.ID)
	x.scratch = c.pack(x.scratch[:0])
	if n := len(x.blocks); n == 0 || len(x.blocks[n-1])+len(x.scratch) > cap(x.blocks[n-1]) {
		x.blocks = append(x.blocks, make([]byte, 0, max(blockSize, len(x.scratch))))
	}
	last := len(x.blocks) - 1
	x.at[c.ID] = 1 + (uint64(last)<<32 | uint64(len(x.blocks[last])))
	x.blocks[last] = append(x.blocks[last], x.scratch...)
	x.live.Add(c.ID)
	if c.Restricted {
		x.restricted.Add(c.ID)
	}
	for _, person := range c.People {
		x.lastPerson = max(x.lastPerson, person)
	}
	for _, p := range c.Parties {
		sets := x.sets(p)
		if sets[p.Party] == nil {
			sets[p.Party] = roaring.New()
		}
		sets[p.Party].Add(c.ID)
	}
}

func (x *cardIndex) sets(p cardParty) map[uint32]*roaring.Bitmap {
	if p.takesPart() {
		return x.taking
	}
	return x.looking
}

// take removes an agreement's card, if it has one, from everything but the order by date.
func (x *cardIndex) take(id uint32) (c card) {
	if !x.live.Contains(id) {
		return c
	}
	x.get(id, &c)
	for _, p := range c.Parties {
		x.sets(p)[p.Party].Remove(id)
	}
	x.wasted += len(c.pack(nil))
	x.live.Remove(id)
	x.restricted.Remove(id)
	return c
}

// apply takes in changed cards. A few are put into the order by date one by one, many by sorting it anew.
func (x *cardIndex) apply(changed []card) {
	few := len(changed) < 64 && len(x.byDate) == int(x.live.GetCardinality())
	open := x.restricted.IsEmpty()
	for i := range changed {
		c := &changed[i]
		if few && x.live.Contains(c.ID) {
			at, _ := slices.BinarySearchFunc(x.byDate, c.ID, x.compare)
			x.byDate = slices.Delete(x.byDate, at, at+1)
		}
		before := x.take(c.ID)
		if few {
			x.turn(&before, c)
		}
		if len(c.Parties) == 0 {
			continue
		}
		x.put(c)
		if few {
			at, _ := slices.BinarySearchFunc(x.byDate, c.ID, x.compare)
			x.byDate = slices.Insert(x.byDate, at, c.ID)
		}
	}
	if !few {
		x.byDate = x.live.ToArray()
		slices.SortFunc(x.byDate, x.compare)
	}
	x.forget(!few || open != x.restricted.IsEmpty()) // who has not signed in is shown the same as long as nothing is restricted
	if x.wasted > 4*blockSize && x.wasted > len(x.blocks)*blockSize/2 {
		x.compact()
	}
}

// reserve makes room for a number without a card.
func (x *cardIndex) reserve(id uint32) {
	for int(id) >= len(x.at) {
		x.at = append(x.at, make([]uint64, 1024)...)
	}
}

// compact writes all cards anew, without what is no longer used.
func (x *cardIndex) compact() {
	old, at := x.blocks, x.at
	x.blocks, x.at, x.wasted = nil, make([]uint64, len(at)), 0
	var c card
	for _, id := range x.byDate {
		c.unpack(id, old[(at[id]-1)>>32][uint32(at[id]-1):], nil, true)
		x.put(&c)
	}
}

// cards gives the card index as the register stands, held for reading until release is called; nobody asks the database for
// anything meanwhile. The error is the context's when its time is over before others have read.
func (s *Store) cards(ctx context.Context) (x *cardIndex, release func(), err error) {
	x = s.index
	for {
		change, err := s.LastChange(ctx)
		if err != nil {
			return nil, nil, err
		}
		if err := x.readers.Acquire(ctx, 1); err != nil {
			return nil, nil, fmt.Errorf("waiting for the card index: %w", err)
		}
		release := func() {
			x.mu.RUnlock()
			x.readers.Release(1)
		}
		x.mu.RLock()
		if x.change >= change {
			return x, release, nil
		}
		release()
		if err := s.follow(ctx, change); err != nil {
			return nil, nil, fmt.Errorf("reading the card index: %w", err)
		}
	}
}

// follow takes in what changed up to a change.
func (s *Store) follow(ctx context.Context, change int64) error {
	x := s.index
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.change >= change {
		return nil
	}
	// The number of the last change comes with the cards: another server than the one that told of this change might not
	// have them yet.
	rows, err := s.read.WithContext(ctx).Raw("SELECT c.agreement_id, c.card, r.change, r.head, r.length FROM register r LEFT JOIN cards c ON c.change > ? AND c.change <= ?", x.change, change).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	first := x.change == 0 && x.live.IsEmpty()
	var changed []card
	for rows.Next() {
		var id *int64
		var text *string
		var at int64
		if err := rows.Scan(&id, &text, &at, &x.end.Head, &x.end.Length); err != nil {
			return err
		}
		if at < change {
			return fmt.Errorf("the server is at change %d, not yet at %d: %w", at, change, driver.ErrBadConn)
		}
		if id == nil {
			continue
		}
		c := card{ID: uint32(*id)}
		if *text != "" {
			if c, err = parseCard(*id, *text, x.words.number, x.parties.number); err != nil {
				return err
			}
		}
		if first { // nothing is there to be replaced: the order is made once, at the end
			if len(c.Parties) > 0 {
				x.put(&c)
			}
			continue
		}
		changed = append(changed, c)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if first {
		x.byDate = x.live.ToArray()
		slices.SortFunc(x.byDate, x.compare)
	} else {
		x.apply(changed)
	}
	x.change = change
	x.seen.Store(change)
	return nil
}

// numberChange marks what a transaction changed with the number of its change. It comes last before the commit: the row
// that it writes is held until then, so that changes are numbered in the order in which they can be seen.
func numberChange(tx *gorm.DB) error {
	var end head
	if err := tx.Raw("UPDATE register SET change = change + 1 RETURNING head, length").Scan(&end).Error; err != nil {
		return err
	}
	if err := chain(tx, end); err != nil {
		return fmt.Errorf("chaining revisions: %w", err)
	}
	return tx.Exec("UPDATE cards SET change = (SELECT change FROM register) WHERE change = 0").Error
}

type changeKey struct{}

// ReadAt marks a context as that of a reading of the register at a change, which LastChange has just told: it need not
// be asked for again.
func ReadAt(ctx context.Context, change int64) context.Context {
	return context.WithValue(ctx, changeKey{}, change)
}

// LastChange numbers the register's state: it rises with every change.
func (s *Store) LastChange(ctx context.Context) (change int64, err error) {
	if change, ok := ctx.Value(changeKey{}).(int64); ok {
		return change, nil
	}
	read := func() error { return s.read.WithContext(ctx).Raw("SELECT change FROM register").Scan(&change).Error }
	if err = read(); err == nil && change < s.index.seen.Load() {
		if at := chosen(ctx); at != nil && at.Load() != s.servers.primary { // nobody is shown an older state than before
			at.Store(s.servers.primary)
			err = read()
		}
	}
	if err != nil {
		err = fmt.Errorf("reading the register's last change: %w", err)
	}
	return change, err
}

// LastChangeAt is when the history of the register was last added to; the zero time if it has none.
func (s *Store) LastChangeAt(ctx context.Context) (time.Time, error) {
	var last []Revision
	if err := s.read.WithContext(ctx).Select("at").Order("id DESC").Limit(1).Find(&last).Error; err != nil {
		return time.Time{}, fmt.Errorf("reading the last revision: %w", err)
	}
	if len(last) == 0 {
		return time.Time{}, nil
	}
	return last[0].At, nil
}

// Warm takes the card index in, so that the first list need not wait for it.
func (s *Store) Warm(ctx context.Context) {
	if _, release, err := s.cards(ctx); err == nil {
		release()
	}
}
