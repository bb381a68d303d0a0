package press

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"chancery/models"
)

// tools are a language's words, ready to be found.
type tools struct {
	lang      *Language
	languages []*Language // all of them: a line with a date may be in another
	parties, cities, kinds, generic, signed, offices, bodies,
	occasions *lexicon
	events, happened, planned, denied, presence, onBehalf, both, earlier, said, portfolios, underAlone, firms, managers,
	ministries, levels, town, vague, heads *lexicon
	valid []validPhrase
	notKinds, notBodies, alone, drafts, articles, and, another,
	qualifiers map[string]bool
	counterpart, side, between, with, by, governments, honours, tail, years, styles, in, about, towards,
	regions map[string]bool
}

// newTools makes a language's words ready to be found, with the names of the
// register's parties.
func newTools(l *Language, all []*Language, names []models.PartyName) *tools {
	t := &tools{lang: l, languages: all, parties: &lexicon{}, cities: &lexicon{}, kinds: labelled(l.Kinds),
		generic: plain(l.Generic),
		signed:  labelled(l.Signed), offices: plain(listed(l.Offices)),
		bodies: plain(listed(l.Institutions)), occasions: labelled(l.Occasions), events: plain(listed(l.Events)),
		happened: plain(l.Happened), planned: plain(l.Planned), denied: plain(l.Denied),
		presence: plain(l.Presence), onBehalf: plain(l.OnBehalf), both: plain(l.Both), earlier: plain(l.Earlier),
		said: plain(l.Said), portfolios: plain(l.Portfolios), underAlone: plain(l.UnderAlone), firms: plain(l.Firms),
		managers: plain(l.Managers), ministries: plain(l.Ministries), levels: labelled(l.Levels), town: plain(l.Town),
		vague: plain(l.Vague), heads: plain(l.Heads), valid: validPhrases(l.Validity)}
	for _, set := range []struct {
		of   *map[string]bool
		list []string
	}{{&t.notKinds, l.NotKinds}, {&t.notBodies, l.NotInstitutions}, {&t.alone, l.Alone}, {&t.drafts, l.Drafts},
		{&t.articles, l.Articles}, {&t.and, l.And}, {&t.another, l.Another}, {&t.qualifiers, l.Qualifiers},
		{&t.counterpart, l.Counterpart}, {&t.side, l.Side}, {&t.between, l.Between}, {&t.with, l.With}, {&t.by, l.By},
		{&t.governments, l.Governments}, {&t.honours, l.Honours}, {&t.tail, l.OfficeTail}, {&t.years, l.Years},
		{&t.styles, l.Styles}, {&t.in, l.In}, {&t.about, l.On}, {&t.towards, l.Towards}, {&t.regions, l.Regions}} {
		*set.of = map[string]bool{}
		for _, word := range set.list {
			(*set.of)[fold.Replace(word)] = true
		}
	}
	t.addParties(l, names)
	t.addCities(l)
	return t
}

// addParties adds what parties are called, and what comes from them.
func (t *tools) addParties(l *Language, names []models.PartyName) {
	for line := range strings.Lines(l.Names) {
		code, list, _ := strings.Cut(strings.TrimSpace(line), ":")
		for _, name := range listed(list) {
			t.party(code, name)
		}
	}
	for _, n := range names {
		if len(n.Party) > 2 && n.Main { // organisations go by their abbreviation
			t.party(n.Party, n.Party)
		}
		if n.Language == l.Code || n.Language == "und" || n.Main && isUpper(n.Text) {
			t.party(n.Party, n.Text)
		}
	}
	for item := range strings.SplitSeq(strings.ReplaceAll(l.Demonyms, "\n", ";"), ";") {
		fields := strings.Fields(item)
		for _, stem := range fields[min(1, len(fields)):] {
			if l.Code != "en" {
				stem += "*"
			}
			var phrase []pattern
			for _, tok := range tokenise(stem) {
				phrase = append(phrase, wordPattern(tok.low))
			}
			t.parties.add(fields[0], adjective, stars(phrase))
		}
	}
}

// addCities adds capitals and other towns, in all their forms.
func (t *tools) addCities(l *Language) {
	for item := range strings.SplitSeq(strings.ReplaceAll(l.Cities, "\n", ";"), ";") {
		code, list, _ := strings.Cut(strings.TrimSpace(item), " ")
		for _, name := range listed(list) {
			t.cities.add(code, name, t.inflected(name))
		}
	}
}

// adjective is the name of entries that are one: "Rwandan".
const adjective = "\x00adjective"

// party adds a name of a party, in all its forms.
func (t *tools) party(code, name string) { t.parties.add(code, name, t.inflected(name)) }

// inflected is a name in all its forms.
func (t *tools) inflected(name string) (phrase []pattern) {
	tokens := tokenise(name)
	for i, tok := range tokens {
		p := pattern{text: tok.low}
		if tok.word && !isUpper(name) {
			p.forms = t.lang.Inflect(tok.low, i == len(tokens)-1)
			for k := range p.forms {
				p.forms[k] = fold.Replace(p.forms[k])
			}
		}
		phrase = append(phrase, p)
	}
	return phrase
}

// isUpper tells whether a text is written in capitals.
func isUpper(text string) bool { return text == strings.ToUpper(text) && text != strings.ToLower(text) }

func firstRune(text string) (rune, int) { return utf8.DecodeRuneInString(text) }

var particles = map[string]bool{"von": true, "van": true, "der": true, "de": true, "al": true, "el": true, "bin": true,
	"ibn": true, "bint": true, "da": true, "di": true, "du": true, "dos": true, "ben": true, "zu": true, "aus": true,
	"dem": true, "den": true, "оглы": true, "кызы": true, "аль": true, "бен": true, "ибн": true, "bin-": true,
	"ould": true, "ter": true, "zur": true, "y": true, "e": true}

func upperFirst(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}
