package models

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"

	"chancery/models/bitmap"
)

// A snapshot holds the card of every agreement as the register stood at one change.
// Nothing in it is written to once it is published: a reading holds one and asks it
// everything, so that two changes cannot mix in one answer, and no reader waits for
// who takes in the next change.
type snapshot struct {
	change     int64     // the register's change up to which cards are taken in
	end        chainHead // of the register's history, as it was then
	words      *dictionary
	parties    *dictionary // codes
	blocks     [][]byte    // packed cards; what comes after the length of a block belongs to later snapshots
	offsets    []*offsetPage
	wasted     int // bytes of blocks that no card uses any more
	live       *bitmap.Set
	restricted *bitmap.Set // of them, those for who signs in

	byParticipant map[uint32]*bitmap.Set // of a party's word: the agreements in which it takes part
	byObserver    map[uint32]*bitmap.Set // the same for depositaries and observers
	byContinuator map[uint32]*bitmap.Set // and for who goes on as the same person as a party
	byDate        []uint32               // all live, by date, latest and number, the oldest first
	lastPerson    uint32                 // the highest number of a person
}

// pageSize is how many register numbers have their offsets on one page: what a
// change to one agreement copies (4 KB), beside a pointer to each page.
const pageSize = 1024

// An offsetPage tells, by register number, 1 + where its packed card begins: the
// block in the upper bits, the offset in it in the lower ones; 0 is none.
type offsetPage [pageSize]uint32

// blockSize is what the packed cards of some 10,000 agreements take: one allocation
// for all of them. There may be 4,096 of them, 4 GB.
const (
	blockBits = 20
	blockSize = 1 << blockBits
)

// newSnapshot is that of an empty register.
func newSnapshot() *snapshot {
	return &snapshot{words: newDictionary(), parties: newDictionary(), live: bitmap.New(), restricted: bitmap.New(),
		byParticipant: map[uint32]*bitmap.Set{}, byObserver: map[uint32]*bitmap.Set{},
		byContinuator: map[uint32]*bitmap.Set{}}
}

// get unpacks the card of an agreement that is there.
func (x *snapshot) get(id uint32, c *card) { c.unpack(id, x.packed(id), nil, true) }

func (x *snapshot) packed(id uint32) []byte {
	at := x.offsets[id/pageSize][id%pageSize] - 1
	return x.blocks[at>>blockBits][at&(blockSize-1):]
}

// sortKey reads what a card is sorted by, before its number.
func (x *snapshot) sortKey(id uint32) (earliest, latest int32) {
	b := x.packed(id)
	earliest = int32(binary.LittleEndian.Uint32(b))
	r := reader{b, headLength}
	return earliest, earliest + r.distance()
}

func (x *snapshot) compare(a, b uint32) int { return compareBetween(x, a, x, b) }

// compareBetween orders an agreement as one snapshot has it and another as a second
// one has it.
func compareBetween(x *snapshot, a uint32, y *snapshot, b uint32) int {
	e, l := x.sortKey(a)
	f, m := y.sortKey(b)
	return cmp.Or(cmp.Compare(e, f), cmp.Compare(l, m), cmp.Compare(a, b))
}

// participation gives the sets in which a participation is found: of those who take
// part, or of those who look on.
func (x *snapshot) participation(p cardParty) map[uint32]*bitmap.Set {
	switch {
	case p.takesPart():
		return x.byParticipant
	case p.Role == continuedRole:
		return x.byContinuator
	}
	return x.byObserver
}

// A builder makes the snapshot that follows another, of which it copies what
// changes. What it has made is its own until it is published; one that breaks off
// leaves nothing behind.
type builder struct {
	*snapshot           // the one that is made
	before    *snapshot // the one that it follows
	ownPages  map[uint32]bool
	ownSets   map[*bitmap.Set]bool
	scratch   []byte

	changed  int           // how many agreements
	replaced []replacement // the first mostFollowed of them
	added    []uint32      // what is to be put into the order by date
	removed  *bitmap.Set   // what is to be taken out of it
}

// following begins a snapshot after another.
func following(before *snapshot) *builder {
	next := *before
	next.blocks, next.offsets = slices.Clone(before.blocks), slices.Clone(before.offsets)
	next.live, next.restricted = before.live.Clone(), before.restricted.Clone()
	next.byParticipant, next.byObserver = maps.Clone(before.byParticipant), maps.Clone(before.byObserver)
	next.byContinuator = maps.Clone(before.byContinuator)
	return &builder{snapshot: &next, before: before, ownPages: map[uint32]bool{}, ownSets: map[*bitmap.Set]bool{},
		removed: bitmap.New(), replaced: []replacement{}}
}

// page gives the page of a register number's offset to write to.
func (b *builder) page(id uint32) *offsetPage {
	n := id / pageSize
	for int(n) >= len(b.offsets) {
		b.ownPages[uint32(len(b.offsets))] = true
		b.offsets = append(b.offsets, new(offsetPage))
	}
	if !b.ownPages[n] {
		b.offsets[n], b.ownPages[n] = new(*b.offsets[n]), true
	}
	return b.offsets[n]
}

// set gives a party's set of agreements to write to.
func (b *builder) set(p cardParty) *bitmap.Set {
	sets := b.participation(p)
	set := sets[p.Party]
	switch {
	case set == nil:
		set = bitmap.New()
	case b.ownSets[set]:
		return set
	default:
		set = set.Clone()
	}
	sets[p.Party], b.ownSets[set] = set, true
	return set
}

// add takes a card in; the order by date is left to finish.
func (b *builder) add(c *card) {
	b.write(c)
	b.live.Add(c.ID)
	if c.Restricted {
		b.restricted.Add(c.ID)
	}
	for _, person := range c.People {
		b.lastPerson = max(b.lastPerson, person)
	}
	for _, p := range c.Parties {
		b.set(p).Add(c.ID)
	}
}

// write packs a card into the last block that has room for it.
func (b *builder) write(c *card) {
	b.scratch = c.pack(b.scratch[:0])
	if n := len(b.blocks); n == 0 || len(b.blocks[n-1])+len(b.scratch) > cap(b.blocks[n-1]) {
		b.blocks = append(b.blocks, make([]byte, 0, max(blockSize, len(b.scratch))))
	}
	last := len(b.blocks) - 1
	b.page(c.ID)[c.ID%pageSize] = 1 + uint32(last<<blockBits|len(b.blocks[last]))
	b.blocks[last] = append(b.blocks[last], b.scratch...)
}

// remove takes an agreement's card, if it has one, out of everything but the order
// by date.
func (b *builder) remove(id uint32) (c card) {
	if !b.live.Contains(id) {
		return c
	}
	b.get(id, &c)
	for _, p := range c.Parties {
		b.set(p).Remove(id)
	}
	b.wasted += len(c.pack(nil))
	b.live.Remove(id)
	b.restricted.Remove(id)
	return c
}

// A replacement is what became of an agreement's card in a change; a card that is not
// there is none.
type replacement struct{ before, after card }

// mostFollowed is up to how many changed agreements cached sums follow: for more of
// them they are let go of, since following each takes longer than adding up anew
// what is asked for.
const mostFollowed = 64

// replace puts a card, each agreement's once, in the place of the one that is
// there; one that is not there takes it away.
func (b *builder) replace(c card) {
	if b.live.Contains(c.ID) {
		b.removed.Add(c.ID)
	}
	before := b.remove(c.ID)
	if c.There {
		b.add(&c)
		b.added = append(b.added, c.ID)
	}
	if b.changed++; b.changed <= mostFollowed {
		b.replaced = append(b.replaced, replacement{before, c})
	}
}

// finish gives the snapshot that was made, at a change.
func (b *builder) finish(change int64, end chainHead) *snapshot {
	b.change, b.end = change, end
	if b.changed > 0 {
		slices.SortFunc(b.added, b.compare)
		b.byDate = b.merged(b.removed, b.added)
	}
	for set := range b.ownSets {
		set.Clip()
	}
	if b.wasted > 4*blockSize && b.wasted > len(b.blocks)*blockSize/2 { // not for a few, and when half of it is waste
		b.compact()
	}
	return b.snapshot
}

// merged is the order by date of before without some agreements and with others,
// which are in order. Whole runs of it are copied: of what stands between, nothing
// is looked at.
func (b *builder) merged(removed *bitmap.Set, added []uint32) []uint32 {
	type cut struct {
		at   int
		adds uint32 // the agreement that comes before the one at this place; 0 where that one is left out
	}
	old := b.before.byDate
	cuts := make([]cut, 0, len(added)+removed.Len())
	for id := range removed.All() {
		at, _ := slices.BinarySearchFunc(old, id, b.before.compare)
		cuts = append(cuts, cut{at, 0})
	}
	for _, id := range added {
		at, _ := slices.BinarySearchFunc(old, id, func(there, id uint32) int {
			return compareBetween(b.before, there, b.snapshot, id)
		})
		cuts = append(cuts, cut{at, id})
	}
	slices.SortStableFunc(cuts, func(x, y cut) int { // at one place what is added first, in its own order
		return cmp.Or(cmp.Compare(x.at, y.at), bit(x.adds == 0)-bit(y.adds == 0))
	})
	merged := make([]uint32, 0, b.live.Len())
	next := 0
	for _, c := range cuts {
		merged = append(merged, old[next:c.at]...)
		next = c.at
		if c.adds != 0 {
			merged = append(merged, c.adds)
		} else {
			next++
		}
	}
	return append(merged, old[next:]...)
}

// compact writes all cards anew, without what is no longer used.
func (b *builder) compact() {
	from := *b.snapshot
	from.blocks, from.offsets = b.blocks, b.offsets
	b.blocks, b.offsets, b.wasted, b.ownPages = nil, nil, 0, map[uint32]bool{}
	var c card
	for _, id := range b.byDate {
		from.get(id, &c)
		b.write(&c)
	}
}
