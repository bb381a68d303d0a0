package models

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"chancery/models/search"

	"pgregory.net/rapid"
)

// A term is found as it is, begun from four letters on, by the codes of parties
// that it names, as it was meant, and by how it sounds.
func TestATermIsFoundInSeveralWays(t *testing.T) {
	say := func(term Term) string {
		var list []string
		for _, a := range term.alternatives() {
			text := strings.Join(a.words, " ")
			if a.prefix {
				text += "*"
			}
			list = append(list, text)
		}
		return strings.Join(list, ", ")
	}
	for _, test := range []struct {
		term Term
		want string
	}{
		{Term{Words: []string{"fish"}}, "fish*"},
		{Term{Words: []string{"gas"}}, "gas"},
		{Term{Words: []string{"газ"}}, "газ"},
		{Term{Words: []string{"рыба"}}, "рыба*"},
		{Term{Words: []string{"fish"}, Phrase: true}, "fish"},
		{Term{Words: []string{"peace", "treaty"}, Phrase: true}, "peace treaty"},
		{Term{Words: []string{"belarus"}, Parties: []string{"BY"}}, "belarus*, p=by"},
		{Term{Words: []string{"fihs"}, Corrected: []string{"fish"}}, "fihs*, fish*"},
		{Term{Words: []string{"li"}, sounds: []string{"li"}}, "li, n=li, k=" + search.Skeleton("li")},
		{Term{Words: []string{"li"}, sounds: []string{""}}, "li"},
	} {
		want := strings.TrimSuffix(test.want, ", k=")
		if got := say(test.term); got != want {
			t.Errorf("%+v is found by %s, want %s", test.term, got, want)
		}
	}
}

func TestWordsInARowAreFound(t *testing.T) {
	words := []string{"treaty", "on", "peace", "and", "peaceful", "fishing"}
	for _, test := range []struct {
		words  string
		prefix bool
		found  bool
	}{
		{"treaty", false, true}, {"treat", false, false}, {"treat", true, true}, {"treaty on", false, true},
		{"on treaty", false, false}, {"and peace", false, false}, {"and peace", true, true}, {"fishing", false, true},
		{"fishing and", true, false}, {"peaceful fish", true, true}, {"peace fish", true, false},
	} {
		if got := (alternative{strings.Fields(test.words), test.prefix}).in(words); got != test.found {
			t.Errorf("%q, begun %v, is found: %v", test.words, test.prefix, got)
		}
	}
}

// What is marked is the text, no letter lost, and two pieces beside each other
// differ.
func TestMarkingLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("abфé-, ’\"\ń9"))).Draw(t, "text")
		query := ParseSearch(rapid.StringOf(rapid.SampledFrom([]rune("abф -\""))).Draw(t, "query"))
		whole := ""
		for i, s := range query.Mark(text) {
			whole += s.Text
			if s.Text == "" {
				t.Fatal("an empty piece")
			}
			if i > 0 && s.Hit == query.Mark(text)[i-1].Hit {
				t.Fatalf("two pieces of one kind in %q", text)
			}
		}
		if whole != text {
			t.Fatalf("%q became %q", text, whole)
		}
	})
}

// Where a word stands that the line of an agreement does not show is said: the
// party before people, people before what is longer.
func TestAResultSaysWhereTheWordsStand(t *testing.T) {
	shown := AgreementSummary{Title: "Treaty on fisheries", Parties: []string{"BY", "RU"}}
	passages := []passage{
		{Where: "person", Text: "Sergej Schoigu"},
		{Where: "place", Text: "Moskau"},
		{Where: "meeting", Text: "Session of the council", More: "Summits of the Baltic states"},
		{Where: "quotation", Text: strings.Repeat("words before ", 20) + "the grain is told of " +
			strings.Repeat("after it ", 40)},
	}
	for _, test := range []struct {
		query       SearchQuery
		where, text string
	}{
		{ParseSearch("fisheries"), "", ""},
		{ParseSearch("moskau"), "place", "Moskau"},
		{ParseSearch("fisheries moskau"), "place", "Moskau"},
		{ParseSearch("baltic"), "meeting", "Session of the council"},
		{ParseSearch(`"of the council"`), "meeting", "Session of the council"},
		{ParseSearch(`"council session"`), "", ""},
		{ParseSearch("nowhere"), "", ""},
		{ParseSearch("-moskau"), "", ""},
		{SearchQuery{[]Term{{Words: []string{"russland"}, Parties: []string{"RU"}}}}, "party", "RU"},
	} {
		where, text := test.query.place(test.query.matchers(), passages, shown)
		if where != test.where || text != test.text {
			t.Errorf("%s stands in %q: %q, want %q: %q", test.query.Terms[0].Words, where, text, test.where, test.text)
		}
	}
	query := ParseSearch("grain")
	where, text := query.place(query.matchers(), passages, shown)
	if where != "quotation" || !strings.HasPrefix(text, "…") || !strings.HasSuffix(text, "…") ||
		!strings.Contains(text, "the grain is") || utf8.RuneCountInString(text) > 3*80+2 {
		t.Errorf("the quotation is told as %s: %s", where, text)
	}
}

// An excerpt of a short text is the text.
func TestAnExcerptIsAroundTheFirstHit(t *testing.T) {
	query := ParseSearch("grain")
	long := strings.Repeat("я", 200)
	for text, want := range map[string]string{
		"Trade in grain":       "Trade in grain",
		"":                     "",
		"no such word":         "no such word",
		"grain " + long:        "grain " + strings.Repeat("я", 160-len("grain ")) + "…",
		long + " grain":        "…" + strings.Repeat("я", 79) + " grain",
		"grain and " + "grain": "grain and grain",
	} {
		if got := excerpt(text, query); got != want {
			t.Errorf("%.30q is told as %q, want %q", text, got, want)
		}
	}
}

// What is asked for of the line of an agreement needs no passage.
func TestALineThatSaysAllNeedsNoPassage(t *testing.T) {
	line := AgreementSummary{Title: "Treaties on fisheries", Parties: []string{"BY", "RU"}}
	for typed, all := range map[string]bool{
		"treaty": true, "fisheries": true, "treaty fisheries": true, "treaty grain": false, "treaty -grain": true, "": true,
	} {
		q := ParseSearch(typed)
		if got := q.inLine(q.matchers(), line); got != all {
			t.Errorf("%q is in the line: %v", typed, got)
		}
	}
	named := SearchQuery{[]Term{{Words: []string{"belarus"}, Parties: []string{"BY"}}}}
	if !named.inLine(named.matchers(), line) {
		t.Error("a party is not told from the line")
	}
	if other := (SearchQuery{[]Term{{Words: []string{"china"}, Parties: []string{"CN"}}}}); other.inLine(other.matchers(),
		line) {
		t.Error("another party is told from the line")
	}
}

// An agreement at hand has the same passages, in the same order, as one that is
// read from the tables.
func TestPassagesOfAnAgreementAreInTheirOrder(t *testing.T) {
	a := Agreement{Titles: []Title{{Text: "Treaty"}}, Place: "Minsk", Summary: "On fish.",
		Participations: []Participation{{Party: "BY", Institution: "Council",
			Signatories: []Signatory{{Person: "A"}, {Person: "B"}}},
			{Party: "RU", Signatories: []Signatory{{Person: "C"}}}},
		Subjects: []Subject{{Text: "fish"}}, ExternalIDs: []ExternalID{{Scheme: "untS", Value: "7"}},
		Meetings: []AgreementMeeting{{Meeting: &Meeting{Title: "Session", Series: "Sessions"}}, {}},
		Sources:  []Source{{Quotation: "It was signed."}}}
	var got []string
	for _, p := range a.passages() {
		if p.Text != "" {
			got = append(got, p.Where+" "+p.Text)
		}
	}
	want := []string{"person A", "person B", "person C", "institution Council", "title Treaty", "place Minsk",
		"subject fish",
		"number untS 7", "meeting Session", "quotation It was signed.", "summary On fish."}
	if !slices.Equal(got, want) {
		t.Errorf("the passages are %q", got)
	}
}
