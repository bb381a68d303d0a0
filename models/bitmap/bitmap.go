// Package bitmap holds sets of numbers, small where they are sparse and fast to
// combine where they are dense: numbers that share their upper 16 bits lie together,
// as a sorted list while they are few and as bits from then on. That is the idea of
// Roaring bitmaps (https://arxiv.org/abs/1402.6407), with what Chancery asks of them.
package bitmap

import (
	"iter"
	"math/bits"
	"slices"
)

// A Set is a set of numbers. It may be read by many at once, and changed by one that
// nobody reads beside.
type Set struct {
	parts []part // by key, none empty
}

// A part holds the numbers of a set with the same upper bits.
type part struct {
	key  uint16
	n    int            // how many there are
	few  []uint16       // their lower bits in order, if bits is nil
	bits *[words]uint64 // a bit for each
}

const (
	words   = 1 << 16 / 64
	mostFew = 4096 // as a list, so many take as much as bits do
)

// New makes an empty set.
func New() *Set { return &Set{} }

// Of makes a set of numbers.
func Of(numbers ...uint32) *Set {
	s := New()
	for _, n := range numbers {
		s.Add(n)
	}
	return s
}

// find tells where the part of a key is, or belongs.
func (s *Set) find(key uint16) (at int, there bool) {
	if last := len(s.parts) - 1; last >= 0 && s.parts[last].key <= key { // numbers mostly come in order
		if s.parts[last].key == key {
			return last, true
		}
		return last + 1, false
	}
	return slices.BinarySearchFunc(s.parts, key, func(p part, key uint16) int { return int(p.key) - int(key) })
}

// Add puts a number in.
func (s *Set) Add(n uint32) {
	at, there := s.find(uint16(n >> 16))
	if !there {
		s.parts = slices.Insert(s.parts, at, part{key: uint16(n >> 16)})
	}
	s.parts[at].add(uint16(n))
}

func (p *part) add(low uint16) {
	if p.bits != nil {
		word, bit := &p.bits[low/64], uint64(1)<<(low%64)
		if *word&bit == 0 {
			*word |= bit
			p.n++
		}
		return
	}
	at, there := len(p.few), false
	if at > 0 && p.few[at-1] >= low {
		at, there = slices.BinarySearch(p.few, low)
	}
	if there {
		return
	}
	if p.n == mostFew {
		p.widen()
		p.add(low)
		return
	}
	p.few = slices.Insert(p.few, at, low)
	p.n++
}

// widen makes bits of a list.
func (p *part) widen() {
	p.bits = new([words]uint64)
	for _, low := range p.few {
		p.bits[low/64] |= 1 << (low % 64)
	}
	p.few = nil
}

// narrow makes a list of bits that are few.
func (p *part) narrow() {
	if p.bits == nil || p.n > mostFew {
		return
	}
	few := make([]uint16, 0, p.n)
	for at, word := range p.bits {
		for ; word != 0; word &= word - 1 {
			few = append(few, uint16(at*64+bits.TrailingZeros64(word)))
		}
	}
	p.few, p.bits = few, nil
}

// Remove takes a number out.
func (s *Set) Remove(n uint32) {
	at, there := s.find(uint16(n >> 16))
	if !there || !s.parts[at].has(uint16(n)) {
		return
	}
	p, low := &s.parts[at], uint16(n)
	p.n--
	switch {
	case p.n == 0:
		s.parts = slices.Delete(s.parts, at, at+1)
	case p.bits != nil:
		p.bits[low/64] &^= 1 << (low % 64)
		if p.n <= mostFew/2 { // not at once, lest one number more or less change it each time
			p.narrow()
		}
	default:
		i, _ := slices.BinarySearch(p.few, low)
		p.few = slices.Delete(p.few, i, i+1)
	}
}

// Clip lets go of the room that a set which is done growing has for more.
func (s *Set) Clip() {
	for i := range s.parts {
		if p := &s.parts[i]; cap(p.few) > p.n+p.n/8 {
			p.few = append(make([]uint16, 0, p.n), p.few...)
		}
	}
}

// Contains tells whether a number is in the set.
func (s *Set) Contains(n uint32) bool {
	at, there := s.find(uint16(n >> 16))
	return there && s.parts[at].has(uint16(n))
}

func (p *part) has(low uint16) bool {
	if p.bits != nil {
		return p.bits[low/64]&(1<<(low%64)) != 0
	}
	_, there := slices.BinarySearch(p.few, low)
	return there
}

// Len is how many numbers there are.
func (s *Set) Len() int {
	n := 0
	for i := range s.parts {
		n += s.parts[i].n
	}
	return n
}

// IsEmpty tells whether there are none.
func (s *Set) IsEmpty() bool { return len(s.parts) == 0 }

// Max is the greatest number, 0 in an empty set.
func (s *Set) Max() uint32 {
	if len(s.parts) == 0 {
		return 0
	}
	p := s.parts[len(s.parts)-1]
	if p.bits == nil {
		return uint32(p.key)<<16 | uint32(p.few[p.n-1])
	}
	at := words - 1
	for p.bits[at] == 0 {
		at--
	}
	return uint32(p.key)<<16 | uint32(at*64+bits.Len64(p.bits[at])-1)
}

// Clone makes a set of the same numbers.
func (s *Set) Clone() *Set {
	c := &Set{parts: slices.Clone(s.parts)}
	for i := range c.parts {
		c.parts[i] = c.parts[i].clone()
	}
	return c
}

func (p part) clone() part {
	if p.bits != nil {
		own := *p.bits
		p.bits = &own
	} else {
		p.few = slices.Clone(p.few)
	}
	return p
}

// All are the numbers in order.
func (s *Set) All() iter.Seq[uint32] { return s.From(0) }

// From are the numbers in order from the first on that is not below least.
func (s *Set) From(least uint32) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		at, _ := s.find(uint16(least >> 16))
		for ; at < len(s.parts); at++ {
			p := &s.parts[at]
			low := uint16(0)
			if p.key == uint16(least>>16) {
				low = uint16(least)
			}
			if !p.each(low, yield) {
				return
			}
		}
	}
}

// each gives the numbers of a part from low on, until one is enough.
func (p *part) each(low uint16, yield func(uint32) bool) bool {
	high := uint32(p.key) << 16
	if p.bits == nil {
		at, _ := slices.BinarySearch(p.few, low)
		for _, low := range p.few[at:] {
			if !yield(high | uint32(low)) {
				return false
			}
		}
		return true
	}
	word := p.bits[low/64] &^ (1<<(low%64) - 1)
	for at := int(low / 64); ; {
		for ; word != 0; word &= word - 1 {
			if !yield(high | uint32(at*64+bits.TrailingZeros64(word))) {
				return false
			}
		}
		if at++; at == words {
			return true
		}
		word = p.bits[at]
	}
}

// Slice is a list of the numbers, in order.
func (s *Set) Slice() []uint32 {
	list := make([]uint32, 0, s.Len())
	for n := range s.All() {
		list = append(list, n)
	}
	return list
}
