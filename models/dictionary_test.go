package models

import (
	"fmt"
	"sync"
	"testing"
)

// A text has one number, however many ask for it at once, and the list has it
// there.
func TestADictionaryNumbersEachTextOnce(t *testing.T) {
	d := newDictionary()
	numbers := make([][]uint32, 8)
	var wait sync.WaitGroup
	for worker := range numbers {
		wait.Go(func() {
			for i := range 500 {
				numbers[worker] = append(numbers[worker], d.add(fmt.Sprint("text ", (i+worker*7)%100)))
			}
		})
	}
	wait.Wait()
	list := d.list()
	if len(list) != 101 || list[0] != "" {
		t.Fatalf("%d texts, the first is %q", len(list), list[0])
	}
	for worker := range numbers {
		for i, n := range numbers[worker] {
			if want := fmt.Sprint("text ", (i+worker*7)%100); list[n] != want {
				t.Fatalf("%q has number %d, which is %q", want, n, list[n])
			}
		}
	}
	if _, ok := d.lookup("a text that nobody added"); ok {
		t.Error("what was not added has a number")
	}
	if n, ok := d.lookup("text 5"); !ok || list[n] != "text 5" {
		t.Errorf("text 5 has number %d", n)
	}
}

// A list that was taken before is not written to when the dictionary grows.
func TestADictionarysListStaysAsItWas(t *testing.T) {
	d := newDictionary()
	d.add("a")
	before := d.list()
	for i := range 1000 {
		d.add(fmt.Sprint(i))
	}
	if len(before) != 2 || before[1] != "a" {
		t.Errorf("the list taken before is %q", before)
	}
}
