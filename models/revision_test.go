package models

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Compare names each field that differs by its path, and no other.
func TestCompareNamesTheFieldsThatDiffer(t *testing.T) {
	base := AgreementDraft{Titles: []TitleDraft{{Language: "en", Text: "Treaty"}}, Signed: "2001",
		Participations: []ParticipationDraft{{Party: "BY"}, {Party: "RU"}}}
	tests := map[string]struct {
		change func(d *AgreementDraft)
		want   string
	}{
		"nothing":      {func(*AgreementDraft) {}, ""},
		"a scalar":     {func(d *AgreementDraft) { d.Signed = "2002" }, "signed: 2001 → 2002"},
		"a new scalar": {func(d *AgreementDraft) { d.Place = "Minsk" }, "place:  → Minsk"},
		"a scalar taken away": {func(d *AgreementDraft) { d.Signed = "" },
			"signed: 2001 → "},
		"a title": {func(d *AgreementDraft) { d.Titles = []TitleDraft{{Language: "en", Text: "Pact"}} },
			"titles[0].text: Treaty → Pact"},
		"another title": {func(d *AgreementDraft) {
			d.Titles = []TitleDraft{{Language: "en", Text: "Treaty"}, {Language: "de", Text: "Vertrag"}}
		}, "titles[1].language:  → de; titles[1].text:  → Vertrag"},
		"a party less": {func(d *AgreementDraft) { d.Participations = []ParticipationDraft{{Party: "BY"}} },
			"participations[1].party: RU → "},
		"a flag": {func(d *AgreementDraft) { d.Restricted = true }, "restricted:  → true"},
		"a list of texts": {func(d *AgreementDraft) { d.Subjects = []string{"fish"} },
			"subjects[0]:  → fish"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			after := base
			test.change(&after)
			changes, err := compareDrafts(base, after)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range changes {
				got = append(got, fmt.Sprintf("%s: %s → %s", c.Field, c.Before, c.After))
			}
			if text := strings.Join(got, "; "); text != test.want {
				t.Errorf("got %q, want %q", text, test.want)
			}
		})
	}
}

func TestCompareRefusesWhatIsNoRecord(t *testing.T) {
	good := &Revision{Record: `{"signed":"2001"}`}
	for _, bad := range []string{"", "{", "{'signed':1}"} {
		if _, err := Compare(good, &Revision{Record: bad}); err == nil {
			t.Errorf("%q is compared", bad)
		}
		if _, err := Compare(&Revision{Record: bad}, good); err == nil {
			t.Errorf("%q is compared", bad)
		}
	}
}

// The digest is of everything that a revision says and of nothing else, and the
// same on every machine: these are of a register that has been kept since its first
// version.
func TestTheDigestIsOfWhatARevisionSays(t *testing.T) {
	account := int64(3)
	base := Revision{Subject: "agreement", SubjectKey: "12", Number: 2, Action: "revised", Actor: "A", Comment: "c",
		Address: "192.0.2.1", At: time.Date(2026, 1, 2, 3, 4, 5, 678_000_000, time.UTC), Record: `{"signed":"2001"}`}
	digest := base.digestNow()
	if len(digest) != 64 || strings.ToLower(digest) != digest {
		t.Errorf("the digest is %q", digest)
	}
	elsewhere := base
	elsewhere.At = base.At.In(time.FixedZone("far", 14*3600))
	elsewhere.ID, elsewhere.Place, elsewhere.Previous, elsewhere.Digest = 7, 8, "p", "d"
	if elsewhere.digestNow() != digest {
		t.Error("the digest depends on the zone, the place or the hashes")
	}
	for name, change := range map[string]func(r *Revision){
		"subject": func(r *Revision) { r.Subject = "party" }, "key": func(r *Revision) { r.SubjectKey = "13" },
		"number": func(r *Revision) { r.Number = 3 }, "action": func(r *Revision) { r.Action = "recorded" },
		"actor": func(r *Revision) { r.Actor = "B" }, "account": func(r *Revision) { r.AccountID = &account },
		"address": func(r *Revision) { r.Address = "192.0.2.2" }, "comment": func(r *Revision) { r.Comment = "d" },
		"time":   func(r *Revision) { r.At = r.At.Add(time.Millisecond) },
		"record": func(r *Revision) { r.Record += " " },
	} {
		other := base
		change(&other)
		if other.digestNow() == digest {
			t.Errorf("the digest does not depend on the %s", name)
		}
	}
}

// A revision's record keeps its characters: what the chain hashes is what was
// typed.
func TestARevisionKeepsItsCharacters(t *testing.T) {
	for _, text := range []string{"Ä & <b> \u2028 “x”", "Договор", "日本", `quote " and \ backslash`, "a\nb"} {
		r, err := newRevision("agreement", "1", 1, "recorded", Change{Actor: "A"}, time.Now(), AgreementDraft{Summary: text})
		if err != nil {
			t.Fatal(err)
		}
		d, err := r.Draft()
		if err != nil || d.Summary != text {
			t.Errorf("%q comes back as %q (%v)", text, d.Summary, err)
		}
		if strings.Contains(r.Record, `\u003c`) {
			t.Errorf("%q is escaped: %s", text, r.Record)
		}
		if r.Digest != r.digestNow() {
			t.Errorf("%q: the digest is not of what is kept", text)
		}
	}
}

func TestTheLinkDependsOnBothHashes(t *testing.T) {
	a, b := hexSum("a"), hexSum("b")
	if link(a, b) == link(b, a) || link(a, b) != hexSum(a+b) || len(link("", a)) != 64 {
		t.Error("links are mixed up")
	}
}
