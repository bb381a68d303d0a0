package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"chancery/models"

	"github.com/gin-gonic/gin"
)

// A form is read by the paths of its fields; what no form of ours sends is refused
// in words, whatever its names.
func TestAFormIsReadIntoADraft(t *testing.T) {
	read := func(body string) (d models.AgreementDraft, err error) {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		c.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		err = decode(c, &d)
		return d, err
	}
	form := url.Values{"titles[0].text": {"Treaty"}, "titles[0].language": {"en"}, "titles[1].text": {"Vertrag"},
		"participations[0].party": {"BY"}, "participations[1].party": {"RU"},
		"participations[1].signatories[0].person": {"A. Aa"}, "signed": {"2020"}, "subjects[0]": {"fish"},
		"other": {"ignored"}}
	d, err := read(form.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Titles) != 2 || d.Titles[1].Text != "Vertrag" || d.Participations[1].Signatories[0].Person != "A. Aa" ||
		d.Signed != "2020" || !slices.Equal(d.Subjects, []string{"fish"}) {
		t.Errorf("read as %+v", d)
	}
	for _, body := range []string{"titles[999999].text=x", "titles[=x", "titles[a].text=x", "%zz=1", "titles[-1].text=x",
		"acts[1001].type=x"} {
		_, err := read(body)
		var invalid models.Invalid
		if err != nil && (!errors.As(err, &invalid) || invalid["body"].Code != "body") {
			t.Errorf("%s is refused as %v", body, err)
		}
		if err == nil && body != "titles[a].text=x" && body != "titles[-1].text=x" {
			t.Errorf("%s is read", body)
		}
	}
}

func TestRowsAreAddedAndRemoved(t *testing.T) {
	for _, test := range []struct {
		verb string
		at   []int
		want string
	}{
		{"add", nil, "[a b c ]"}, {"remove", []int{0}, "[b c]"}, {"remove", []int{2}, "[a b]"},
		{"remove", []int{3}, "[a b c]"},
		{"remove", []int{-1}, "[a b c]"}, {"remove", nil, "[a b c]"}, {"move", []int{1}, "[a b c]"}, {"", nil, "[a b c]"},
	} {
		if got := fmt.Sprint(changeRow([]string{"a", "b", "c"}, test.verb, test.at)); got != test.want {
			t.Errorf("%s %v makes %s, want %s", test.verb, test.at, got, test.want)
		}
	}
	if got := indexes([]string{"1", "", "x", "22"}); !slices.Equal(got, []int{1, 0, 0, 22}) {
		t.Errorf("places are %v", got)
	}
}

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

// Of the roles that a provider's claims give somebody has the highest.
func TestClaimsGiveTheHighestRole(t *testing.T) {
	o := &OIDC{Claim: "groups", Roles: map[string]string{"staff": "contributor", "desk": "editor", "it": "administrator"}}
	for _, test := range []struct {
		claim any
		other string
		want  string
	}{
		{nil, "", ""}, {nil, "reader", "reader"}, {"staff", "", "contributor"}, {"staff desk", "", "editor"},
		{"desk staff", "", "editor"}, {[]any{"staff", "it", "desk"}, "", "administrator"}, {[]any{"none"}, "", ""},
		{[]any{"none"}, "reader", "reader"}, {[]any{7, true, nil, "desk"}, "", "editor"}, {42, "reader", "reader"},
		{map[string]any{"it": true}, "", ""}, {"IT", "", ""}, {"staff", "editor", "editor"},
	} {
		o.Role = test.other
		if got := o.role(map[string]any{"groups": test.claim, "role": "it"}); got != test.want {
			t.Errorf("%v, else %q, gives %q, want %q", test.claim, test.other, got, test.want)
		}
	}
}

// A turn is waited for a while, and not longer than who asks is there.
func TestATurnIsWaitedForAWhile(t *testing.T) {
	turns := make(slots, 1)
	if !turns.acquire(t.Context(), 0) {
		t.Fatal("a free place is not given")
	}
	if turns.acquire(t.Context(), time.Millisecond) {
		t.Error("a place is given twice")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if turns.acquire(gone, time.Hour) {
		t.Error("a place is given to who has gone")
	}
	given := make(chan bool)
	go func() { given <- turns.acquire(t.Context(), time.Minute) }()
	turns.end()
	if !<-given {
		t.Error("a place that was given back is not given on")
	}
}

// Who is told to wait need not wait again when they do.
func TestSecondsAreRoundedUp(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0", time.Millisecond: "1", time.Second: "1",
		1001 * time.Millisecond: "2",
		time.Minute:             "60"} {
		if got := seconds(d); got != want {
			t.Errorf("%s is %s seconds", d, got)
		}
	}
}
