package press

import (
	"strings"
)

// A Language is all that reading needs to know of one: its words for dates,
// parties, kinds of agreement, offices and bodies, and how it says that something
// was signed. A further language is a further file with one of these.
//
// Lists of words are in lower case. Those read by [words] are single words parted
// by spaces, or phrases parted by "|"; a "*" stands for any ending (or beginning)
// of a word.
type Language struct {
	Code     string   // BCP 47
	Letters  string   // its alphabet, in lower case
	Stop     []string // words that tell it from other languages
	Articles []string // what may stand before a noun
	And      []string

	Months        map[string]int // every form and abbreviation: 1 to 12
	Weekdays      map[string]int // 1 is Sunday
	Small         bool           // months and weekdays are written without a capital
	MonthFirst    bool           // "November 5" is a date
	Relative      map[string]int // days from the day of the report: "yesterday" is -1
	Abbreviations []string       // words whose full stop does not end a sentence

	Styles []string // what a party's name may begin with: "republic", "kingdom"
	Names  string   // "CODE: name, name" a line, beside the register's own names
	// "CODE stem stem; …": what comes from the party ("Rwandan"); endings are left
	// open where the language inflects
	Demonyms string
	Cities   string // "CODE City, City; …": capitals stand for their governments and are places of signature
	// Inflect gives the forms of a word of a name; last tells that no other follows.
	Inflect func(word string, last bool) []string

	Kinds      string   // "kind: phrase, phrase" a line, by the codes of models.Kinds
	NotKinds   []string // words that look like one
	Generic    []string // "document": an instrument named before
	Qualifiers []string // what may stand between "and" and an instrument
	Numbers    map[string]int
	Another    []string // says that an instrument is not the one named before

	// Signed says by its lines when something was signed: "done" verbs, "head" verbs
	// that say it in a headline only, nouns of the "event", and verbs by which
	// declarations are "adopted".
	Signed   string
	Happened []string // makes the event one that took place
	Planned  []string // not yet signed
	Denied   []string // not signed
	Drafts   []string // before an instrument: only drafted
	Alone    []string // what one side signs by itself: a decree, a law

	Between, With, By, Counterpart, Both, Governments, OnBehalf, Side, Presence []string

	Offices         string   // phrases, parted by commas
	Portfolios      []string // what ministers are of, in capitals
	Subjects        []string // words that begin the subject of a sentence after an occasion without a comma
	OfficeTail      []string
	Honours         []string
	Institutions    string
	NotInstitutions []string
	Occasions       string // "margins:" and "at:" what an occasion begins with
	Events          string // what an occasion is

	Validity string   // phrases: $1 and $2 are years, $=1 a last day, $n a number of years
	Earlier  []string // says that an instrument came before
	Years    []string
	Said     []string // says that a person tells of something, and does not sign

	Nouns    bool // nouns begin with a capital, names cannot be told by theirs
	Ordinals bool // a number with a full stop is one: "5. November"
	VerbLast bool // a verb can stand far after what was signed
	Bare     bool // a party's name stands before what it is of as it is: "Belarus Ministry"
	Cases    bool // a party's name in the nominative begins what a sentence tells of

	Plural     func(word string) bool // whether a word for an instrument means several
	PluralBody func(word string) bool // the same of a body
	Adjective  func(word string) bool // whether a word can describe an instrument that follows
	// whether a word with a capital is no name; nil where only names have one
	Noun func(word string) bool
	// whether a word can be part of an office without a capital; nil: none
	InOffice func(word string) bool
	Verbal   []string // after a word for an instrument: it is a verb ("plans to")
	// before a place, a subject, where somebody comes from or goes to
	In, On, Towards             []string
	Regions                     []string // parts of a state: the name beside one is no person's
	Town                        []string // "the city of", before a town
	Indefinite                  []string // the indefinite article
	Relatives                   []string // begins a relative clause
	We                          []string // who speaks for themselves
	Firms, Managers, Ministries []string // tell agreements of companies from those of states
	Levels                      string   // "level: phrase" a line, by the codes of models.Levels
	// offices that represent a state without full powers (VCLT 7)
	Heads []string
	Vague []string // words of a title that do not tell instruments apart
	// near a verb in the present: it is only announced ("to sign")
	Announced []string
	// before an instrument that is part of another's title, or of what one side signs
	// alone
	Under        []string
	UnderAlone   []string // before one that others act under: "in accordance with"
	Auxiliaries  []string // a verb begins: a title has ended
	OccasionEnds []string // what a meeting is of has ended

	// Unreal tells whether a verb of signing tells of what was not done, by the words
	// before and after it in its sentence.
	Unreal func(before, after []token) bool

	Normal func(institution string) string // an institution as its register would call it
	// the first words of a title, up to the kind, as it is given on its own; nil: as
	// they are
	Nominative func(head string) string
	Person     func(words []string) (nominative []string, oblique bool) // a name as it is on its own
}

// words parts a list.
func words(list string) []string {
	if strings.Contains(list, "|") {
		return strings.Split(list, "|")
	}
	return strings.Fields(list)
}

// months numbers lists of forms from 1.
func months(forms ...string) map[string]int {
	numbered := map[string]int{}
	for i, list := range forms {
		for _, form := range strings.Fields(list) {
			numbered[form] = i + 1
		}
	}
	return numbered
}

// listed parts a list at its commas.
func listed(text string) (list []string) {
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}
