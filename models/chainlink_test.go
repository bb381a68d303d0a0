package models

import (
	"strings"
	"testing"
	"time"
)

// The canonical form must never change: the chains of all registers are made of it.
// The digest is that of these very bytes, by sha256sum.
func TestTheCanonicalFormOfARevisionStays(t *testing.T) {
	account := int64(3)
	at := time.Date(2026, 11, 23, 13, 5, 7, 89_999_999, time.FixedZone("", 3*3600))
	r := Revision{Subject: "agreement", SubjectKey: "7", Number: 2, Action: "revised", Actor: "Anna <a@b>",
		AccountID: &account,
		Address:   "192.0.2.1", At: at, Comment: "line\none & \"two\"", Record: `{"titles":[{"text":"Über Fisch"}]}`}
	want := `{"subject":"agreement","key":"7","number":2,"action":"revised","actor":"Anna <a@b>","account":3,` +
		`"address":"192.0.2.1","at":"2026-11-23T10:05:07.089Z","comment":"line\none & \"two\"",` +
		`"record":"{\"titles\":[{\"text\":\"Über Fisch\"}]}"}`
	if got := r.digestNow(); got != hexSum(want) {
		t.Errorf("the digest is %s, not that of %s", got, want)
	}
	r.AccountID = nil
	if got := r.digestNow(); got != hexSum(strings.Replace(want, `"account":3`, `"account":0`, 1)) {
		t.Error("no account is not 0")
	}
	if hexSum("") != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Error("the sum of nothing is not that of SHA-256")
	}
	if link("", hexSum("a")) != hexSum(hexSum("a")) || link(hexSum("a"), hexSum("b")) != hexSum(hexSum("a")+hexSum("b")) {
		t.Error("a link is not the sum of the hash before it and the digest")
	}
}
