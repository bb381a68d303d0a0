package models

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
)

// canonical is what a revision's digest is of: its JSON with these fields in this
// order, without spaces, no character escaped that need not be.
type canonical struct {
	Subject   string `json:"subject"`
	Key       string `json:"key"`
	Number    int    `json:"number"`
	Action    string `json:"action"`
	Actor     string `json:"actor"`
	AccountID int64  `json:"account"` // 0 is none
	Address   string `json:"address"`
	At        string `json:"at"` // RFC 3339 in UTC, with milliseconds
	Comment   string `json:"comment"`
	Record    string `json:"record"`
}

const canonicalTime = "2006-01-02T15:04:05.000Z"

// digestNow computes the digest of what the revision says.
func (r *Revision) digestNow() string {
	c := canonical{r.Subject, r.SubjectKey, r.Number, r.Action, r.Actor, 0, r.Address, r.At.UTC().Format(canonicalTime),
		r.Comment, r.Record}
	if r.AccountID != nil {
		c.AccountID = *r.AccountID
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(c); err != nil {
		panic(err) // strings and numbers
	}
	return hexSum(strings.TrimSuffix(text.String(), "\n"))
}

// hexSum is the SHA-256 of a text, as lower-case hexadecimal digits.
func hexSum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// link is the hash by which the next revision knows one.
func link(previous, digest string) string { return hexSum(previous + digest) }

// A chainHead is the end of the chain.
type chainHead struct {
	Head   string
	Length int64
}
