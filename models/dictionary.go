package models

import (
	"strings"
	"sync"
)

// A dictionary numbers texts from 1. It only grows, so that all snapshots of the
// card index share one: a number means the same text in each.
type dictionary struct {
	mu      sync.RWMutex
	numbers map[string]uint32
	texts   []string
}

// newDictionary makes an empty one; number 0 is no text.
func newDictionary() *dictionary {
	return &dictionary{numbers: map[string]uint32{}, texts: []string{""}}
}

// add gives a text's number, a new one where it has none yet.
func (d *dictionary) add(text string) uint32 {
	if n, ok := d.lookup(text); ok {
		return n
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	n, ok := d.numbers[text]
	if !ok {
		n = uint32(len(d.texts))
		text = strings.Clone(text)
		d.numbers[text], d.texts = n, append(d.texts, text)
	}
	return n
}

// lookup gives a text's number, if it has one.
func (d *dictionary) lookup(text string) (n uint32, ok bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	n, ok = d.numbers[text]
	return n, ok
}

// list gives the texts by their numbers, as far as there are any now; nobody writes
// to it.
func (d *dictionary) list() []string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.texts
}
