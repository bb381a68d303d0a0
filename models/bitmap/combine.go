package bitmap

import (
	"iter"
	"math/bits"
	"slices"
)

// common are the parts of two sets that have the same key.
func common(a, b *Set) iter.Seq2[*part, *part] {
	return func(yield func(p, q *part) bool) {
		for i, j := 0, 0; i < len(a.parts) && j < len(b.parts); {
			p, q := &a.parts[i], &b.parts[j]
			switch {
			case p.key < q.key:
				i++
			case p.key > q.key:
				j++
			case !yield(p, q):
				return
			default:
				i, j = i+1, j+1
			}
		}
	}
}

// And makes a set of the numbers that are in both.
func And(a, b *Set) *Set {
	s := New()
	for p, q := range common(a, b) {
		if both := p.and(q); both.n > 0 {
			s.parts = append(s.parts, both)
		}
	}
	return s
}

// LenAnd is how many numbers are in both.
func LenAnd(a, b *Set) int {
	n := 0
	for p, q := range common(a, b) {
		n += p.lenAnd(q)
	}
	return n
}

func (p *part) lenAnd(q *part) (n int) {
	if p.bits == nil || q.bits == nil {
		return p.and(q).n
	}
	for at := range p.bits {
		n += bits.OnesCount64(p.bits[at] & q.bits[at])
	}
	return n
}

// And leaves the numbers that are in the other set too.
func (s *Set) And(other *Set) { *s = *And(s, other) }

// AndNot leaves the numbers that are not in the other set.
func (s *Set) AndNot(other *Set) {
	for p, q := range common(s, other) {
		p.andNot(q)
	}
	s.parts = slices.DeleteFunc(s.parts, func(p part) bool { return p.n == 0 })
}

// Or puts in the numbers of the other set.
func (s *Set) Or(other *Set) {
	parts := make([]part, 0, max(len(s.parts), len(other.parts)))
	i := 0
	for j := range other.parts {
		q := &other.parts[j]
		for ; i < len(s.parts) && s.parts[i].key < q.key; i++ {
			parts = append(parts, s.parts[i])
		}
		if i < len(s.parts) && s.parts[i].key == q.key {
			s.parts[i].or(q)
			parts = append(parts, s.parts[i])
			i++
		} else {
			parts = append(parts, q.clone())
		}
	}
	s.parts = append(parts, s.parts[i:]...)
}

// and makes a part of what is in both.
func (p *part) and(q *part) part {
	both := part{key: p.key}
	switch {
	case p.bits != nil && q.bits != nil:
		both.bits = new([words]uint64)
		for at := range both.bits {
			both.bits[at] = p.bits[at] & q.bits[at]
			both.n += bits.OnesCount64(both.bits[at])
		}
		both.narrow()
	case p.bits != nil:
		return q.and(p)
	case q.bits != nil:
		both.few = make([]uint16, 0, p.n)
		for _, low := range p.few {
			if q.bits[low/64]&(1<<(low%64)) != 0 {
				both.few = append(both.few, low)
			}
		}
		both.n = len(both.few)
	case p.n > q.n:
		return q.and(p)
	default:
		both.few = commonFew(p.few, q.few)
		both.n = len(both.few)
	}
	return both
}

// commonFew are the numbers of two lists in order that are in both. Where one is far
// longer it is sought in, else the two are walked along.
func commonFew(short, long []uint16) []uint16 {
	both := make([]uint16, 0, len(short))
	if len(long) > 16*len(short) {
		for _, low := range short {
			at, there := slices.BinarySearch(long, low)
			if there {
				both = append(both, low)
			}
			long = long[at:]
		}
		return both
	}
	at := 0
	for _, low := range short {
		for at < len(long) && long[at] < low {
			at++
		}
		if at < len(long) && long[at] == low {
			both = append(both, low)
		}
	}
	return both
}

func (p *part) andNot(q *part) {
	switch {
	case p.bits == nil:
		p.few = slices.DeleteFunc(p.few, q.has)
		p.n = len(p.few)
		return
	case q.bits == nil:
		for _, low := range q.few {
			p.bits[low/64] &^= 1 << (low % 64)
		}
	default:
		for at := range p.bits {
			p.bits[at] &^= q.bits[at]
		}
	}
	p.count()
	p.narrow()
}

func (p *part) or(q *part) {
	if p.bits == nil && q.bits == nil && p.n+q.n <= mostFew {
		merged := make([]uint16, 0, p.n+q.n)
		few := p.few
		for _, low := range q.few {
			for len(few) > 0 && few[0] < low {
				merged, few = append(merged, few[0]), few[1:]
			}
			if len(few) > 0 && few[0] == low {
				few = few[1:]
			}
			merged = append(merged, low)
		}
		p.few = append(merged, few...)
		p.n = len(p.few)
		return
	}
	if p.bits == nil {
		p.widen()
	}
	if q.bits == nil {
		for _, low := range q.few {
			p.bits[low/64] |= 1 << (low % 64)
		}
	} else {
		for at := range p.bits {
			p.bits[at] |= q.bits[at]
		}
	}
	p.count()
	p.narrow()
}

func (p *part) count() {
	p.n = 0
	for _, word := range p.bits {
		p.n += bits.OnesCount64(word)
	}
}
