package handlers

import (
	"fmt"
	"testing"
	"time"
)

// Somebody has a bucket of as many requests as may be made in a minute, which fills
// at that rate; what one takes is not another's.
func TestRequestsAreCountedInBuckets(t *testing.T) {
	var r rates
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for i := range 60 {
		if left, wait := r.allow("a", 60, now); wait != 0 || left != 59-i {
			t.Fatalf("the %d. request: %d left, wait %s", i+1, left, wait)
		}
	}
	if left, wait := r.allow("a", 60, now); left != 0 || wait != time.Second {
		t.Errorf("one more: %d left, wait %s", left, wait)
	}
	if left, wait := r.allow("b", 60, now); left != 59 || wait != 0 {
		t.Errorf("another: %d left, wait %s", left, wait)
	}
	now = now.Add(1500 * time.Millisecond)
	if _, wait := r.allow("a", 60, now); wait != 0 {
		t.Errorf("after a second: wait %s", wait)
	}
	if _, wait := r.allow("a", 60, now); wait != 500*time.Millisecond {
		t.Errorf("once more: wait %s", wait)
	}
	if left, _ := r.allow("a", 60, now.Add(time.Hour)); left != 59 {
		t.Errorf("after an hour: %d left", left)
	}
}

// Buckets that are full again are let go, so that their number is bounded by who
// asks within a minute.
func TestBucketsThatAreFullAreLetGo(t *testing.T) {
	var r rates
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for i := range mostKept {
		r.allow(fmt.Sprint(i), 60, now)
	}
	r.allow("late", 60, now.Add(30*time.Second))
	if len(r.buckets) != mostKept+1 {
		t.Errorf("%d buckets are kept", len(r.buckets))
	}
	r.allow("later", 60, now.Add(61*time.Second))
	if len(r.buckets) != 2 {
		t.Errorf("%d buckets are kept a minute later", len(r.buckets))
	}
}
