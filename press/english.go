package press

import (
	"slices"
	"strings"
)

var englishLists = readWords("en")

// english is the grammar of signing in English.
var english = &Language{
	Code:       "en",
	MonthFirst: true,
	Letters:    "abcdefghijklmnopqrstuvwxyz",
	Stop:       words("the of and to in on was were has have by for with between"),
	Articles:   words("the a an its their his her this that these those"),
	And:        words("and & as well"),
	Inflect: func(word string, last bool) []string {
		if last {
			return []string{word, word + "’s", word + "'s"}
		}
		return []string{word}
	},
	Months: months("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
		"september sept sep",
		"october oct", "november nov", "december dec"),
	Weekdays:      months("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
	Relative:      map[string]int{"today": 0, "tonight": 0, "yesterday": -1},
	Abbreviations: words(englishLists.of("abbreviations")),
	Styles:        words(englishLists.of("styles")),
	Names:         englishLists.of("names"),
	Demonyms:      englishLists.of("demonyms"),
	Cities:        englishLists.of("cities"),
	Kinds:         englishLists.of("kinds"),
	Generic:       words("document documents paper papers text instrument instruments"),
	Qualifiers:    words(englishLists.of("qualifiers")),
	Numbers: map[string]int{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
		"ten": 10, "several": 0, "number": 0, "series": 0, "package": 0},
	Another:  words("another further additional separate second third also"),
	Signed:   englishLists.of("signed"),
	Happened: englishLists.lines("happened"),
	Planned:  englishLists.lines("planned"),
	Denied:   englishLists.lines("denied"),
	Drafts:   englishLists.lines("drafts"),
	Alone:    words(englishLists.of("alone")),
	Between:  words("between"), With: words("with"),
	Counterpart:  words("counterpart counterparts colleague"),
	Both:         englishLists.lines("both"),
	Governments:  words("government governments cabinet"),
	By:           words("by"),
	OnBehalf:     words("on behalf of|for the|from the|from|representing|for"),
	Side:         words("side part"),
	Presence:     englishLists.lines("presence"),
	Offices:      englishLists.of("offices"),
	Portfolios:   englishLists.lines("portfolios"),
	OfficeTail:   words("of for and to the on"),
	Honours:      words(englishLists.of("honours")),
	Institutions: englishLists.of("institutions"),
	Occasions:    englishLists.of("occasions"),
	Events:       englishLists.of("events"),
	Validity:     englishLists.of("validity"),
	Earlier:      englishLists.lines("earlier"),
	Years:        words("years year"),
	Unreal:       englishUnreal,
	Bare:         true,
	Plural:       englishPlural,
	PluralBody:   func(word string) bool { return strings.HasSuffix(word, "s") },
	Adjective: func(word string) bool {
		return ending(word, "al", "ive", "ary", "ent", "ing", "ous", "ic", "year", "term", "free", "trade", "security",
			"defence", "defense", "cooperation", "economic", "tax", "investment", "extradition", "peace", "ceasefire", "border",
			"partnership", "visa", "air", "services", "energy", "gas", "grain", "loan", "protection", "action", "work")
	},
	Verbal:       words("to"),
	Announced:    words("to will may could would can should must not"),
	Under:        words(englishLists.of("under")),
	UnderAlone:   englishLists.lines("under_alone"),
	Auxiliaries:  words("was were has have"),
	OccasionEnds: words("in on at by was were has have is that which where who held to"),
	In:           words("in at near"),
	On:           words("on about concerning regarding"),
	Towards:      words("to from into visiting"),
	Town:         words("city of|capital of|the city of|capital|city"),
	Indefinite:   words("a an"),
	Relatives:    words("that which"),
	We:           words("we i our us"),
	Firms:        words(englishLists.of("firms")),
	Managers:     englishLists.lines("managers"),
	Ministries:   words("ministry|ministries"),
	Levels:       "intergovernmental: intergovernmental\ninteragency: interagency\ninterstate: interstate",
	Heads:        englishLists.lines("heads"),
	Vague:        words("cooperat*|co-operat*|bilateral*|field*|boost*|countr*|area*"),
	Normal:       englishNormal,
	Said:         englishLists.lines("said"),
}

// englishUnreal: "will be signed", "not signed", "if signed".
func englishUnreal(before, after []token) bool {
	n := len(before)
	for k := n - 1; k >= 0 && k >= n-4; k-- {
		switch before[k].low {
		case "be", "being", "not", "never", "if", "once", "unless", "when", "yet", "without", "cannot", "didn't", "hasn't",
			"haven't", "wasn't", "until":
			return true
		case "to", "would", "will", "could", "might", "may", "should":
			if k < n-1 && before[n-1].low == "have" || k == n-1 {
				return true
			}
		case ",", ";", ":", "and", "was", "were":
			return false
		}
	}
	return false
}

// englishNormal writes a body without its article and its party.
func englishNormal(text string) string {
	for _, plural := range [][2]string{{"Ministries", "Ministry"}, {"Councils", "Council"}, {"Agencies", "Agency"},
		{"Committees", "Committee"}, {"Banks", "Bank"}, {"Secretariats", "Secretariat"}, {"Parliaments", "Parliament"},
		{"Departments", "Department"}} {
		text = strings.Replace(text, plural[0], plural[1], 1)
	}
	return text
}

// englishPlural tells whether a word for an instrument means several.
func englishPlural(word string) bool {
	return word == "memoranda" || strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && word != "notes"
}

// englishDescribed: "the signed agreement", "agreements signed in 2010", "the
// treaty, signed last year,".
func englishDescribed(w *marks, i, n int) bool {
	t := w.tokens
	if i == 0 {
		return false
	}
	before, after := t[i-1].low, i+n
	if (w.articles[before] || before == "all") && t[i].low == "signed" && after < len(t) && t[after].word {
		return true
	}
	lately := slices.Contains([]string{"newly", "recently", "previously"}, before)
	if after < len(t) && w.kindHere(after) && (w.articles[before] || lately) {
		return true
	}
	if w.inKind(i-1) || before == "," && i > 1 && w.inKind(i-2) || before == "previously" || before == "earlier" {
		return !w.sentences[w.sentenceOf(i)].headline && !documentsList(w, i)
	}
	return false
}

// documentsList: "The documents signed include: …" tells what was signed.
func documentsList(w *marks, i int) bool {
	s := w.sentences[w.sentenceOf(i)]
	for k := i; k < s.j; k++ {
		switch w.tokens[k].low {
		case "include", "included", "includes", "are", "were", "was", "is", ":":
			return true
		}
	}
	return false
}

// englishBody takes in the rest of a name: "Foreign, Commonwealth and Development
// Office", "Ministry of Foreign Affairs".
func englishBody(w *marks, b *body) bool {
	t := w.tokens
	if !t[b.i].cap {
		return false
	}
	for b.i > 0 && englishBefore(w, b) {
		b.i--
	}
	// "the office of the Council"
	if k := b.i - 1; k > 1 && t[k].low == "the" && t[k-1].low == "of" && w.bodyAt(k-2) > 0 && !t[k-2].cap {
		b.i = k - 2
	}
	of := false // the body is said to be of something
	for b.j < len(t) && !w.partyWord(b.j) {
		k := b.j
		switch {
		case of && englishMatterOf(w, b):
			b.j++
		case t[k].low == "of" || t[k].low == "for":
			next := englishOf(w, k)
			if next == 0 {
				return true
			}
			b.j, of = next, true
		case englishAnd(w, k):
			b.j += 2
		default:
			return true
		}
	}
	return true
}

// englishBefore tells whether the word before a body's name belongs to it.
func englishBefore(w *marks, b *body) bool {
	t, k := w.tokens, b.i-1
	if w.partyWord(k) {
		return false
	}
	if t[k].cap && !w.articles[t[k].low] && w.sentenceOf(k) == w.sentenceOf(b.i) {
		_, n := w.offices.at(t, k)
		return n == 0
	}
	return (t[k].low == "," || t[k].low == "and" || t[k].low == "&") && k > 0 && t[k-1].cap && k+1 < len(t) &&
		t[k+1].cap &&
		listOfNames(w, k)
}

// englishOf is where "of Foreign Affairs" has its first word, or 0 when a party's
// name or no name follows.
func englishOf(w *marks, k int) int {
	t, m := w.tokens, k+1
	if m < len(t) && t[m].low == "the" {
		m++
	}
	if m >= len(t) || !t[m].cap || w.partyWord(m) {
		return 0
	}
	return m + 1
}

// englishAnd: "and Development", where a matter follows that bodies are of.
func englishAnd(w *marks, k int) bool {
	t := w.tokens
	if t[k].low != "and" && t[k].low != "&" && t[k].text != "," || k+1 >= len(t) || !t[k+1].cap || !w.sameBody(k+1) {
		return false
	}
	return matter(w, k+1) || k+2 < len(t) && t[k+2].cap && matter(w, k+2)
}

// englishMatterOf: "of Foreign Affairs", and not the name that follows.
func englishMatterOf(w *marks, b *body) bool {
	t, k := w.tokens, b.j
	return t[k].cap && !t[k].line && w.sentenceOf(k) == w.sentenceOf(b.i) &&
		(matter(w, k) || !matter(w, k-1) || w.bodyAt(k) > 0)
}

// listOfNames tells whether a comma or "and" before a body's last word is part of
// its name.
func listOfNames(w *marks, k int) bool {
	t := w.tokens
	if k < 1 {
		return false
	}
	if _, ok := w.mentionOver(k - 1); ok {
		return false
	}
	if t[k].low == "," { // "Foreign, Commonwealth and Development Office": an "and" follows soon
		for m := k + 1; m < len(t) && m < k+4; m++ {
			if t[m].low == "and" {
				return true
			}
		}
		return false
	}
	n := w.bodyAt(k - 1)
	if n > 0 {
		return false
	}
	for b := k - 1; b >= 0 && t[b].cap; b-- {
		if n := w.bodyAt(b); n > 0 {
			return false
		}
		if _, n := w.offices.at(t, b); n > 0 {
			return false
		}
	}
	return !w.articles[t[k+1].low]
}

// matter tells whether a word is what a body is for, and not somebody's name.
func matter(w *marks, i int) bool {
	_, n := w.portfolios.at(w.tokens, i)
	return n > 0 || ending(w.tokens[i].low, "ment", "tion", "ture", "ing", "ics", "ity", "ies", "ance", "ship", "ogy",
		"ment", "affairs")
}
