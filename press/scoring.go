package press

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

type scoring struct {
	*Evaluation
	text, language string
}

// compare counts an instrument's fields.
func (s scoring) compare(want TrueInstrument, got Instrument) {
	s.one("kind", want.Kind, orNil(got.Kind), sameKind)
	s.one("level", want.Level, got.Level, func(a, b string) bool { return a == b })
	s.parties(want, got)
	s.institutions(want, got)
	s.signatories(want, got)
	s.one("signed", want.Signed, got.Signed, func(a, b string) bool { return a == b })
	s.one("place", want.Place, got.Place, sameWords)
	s.one("valid", want.Valid, got.Valid, func(a, b string) bool { return a == b })
	s.one("occasion", want.Occasion, got.Occasion, alikeWords)
	for _, earlier := range want.Earlier {
		if slices.ContainsFunc(got.Earlier, func(o Value) bool { return alikeWords(earlier, o.Value) }) {
			s.count("earlier", true, true)
		} else {
			s.count("earlier", false, true)
			s.miss("earlier", "", earlier)
		}
	}
}

// parties counts the sides that were read and those that are true.
func (s scoring) parties(want TrueInstrument, got Instrument) {
	if want.Parties != nil {
		for _, code := range want.Parties {
			if slices.Contains(got.codes(), code) {
				s.count("parties", true, true)
			} else {
				s.count("parties", false, true)
				s.miss("parties", strings.Join(got.codes(), " "), code)
			}
		}
		for _, code := range got.codes() {
			if !slices.Contains(want.Parties, code) {
				s.count("parties", true, false)
				s.miss("parties", code, strings.Join(want.Parties, " "))
			}
		}
	}
}

// institutions counts the bodies that act for the sides, where the truth names any.
func (s scoring) institutions(want TrueInstrument, got Instrument) {
	if len(want.Institutions) > 0 {
		for code, name := range want.Institutions {
			var read *Value
			for _, p := range got.Parties {
				if p.Value.Value == code {
					read = p.Institution
				}
			}
			s.one("institutions", name, read, alikeWords)
		}
		for _, p := range got.Parties {
			if p.Institution != nil && want.Institutions[p.Value.Value] == "" {
				s.count("institutions", true, false)
				s.miss("institutions", p.Institution.Value, "")
			}
		}
	}
}

// signatories counts who signed, with their sides, where the truth names any.
func (s scoring) signatories(want TrueInstrument, got Instrument) {
	if len(want.Signatories) > 0 {
		for _, person := range want.Signatories {
			if slices.ContainsFunc(got.Signatories, func(o SignatoryValue) bool {
				return sameWords(person.Name, o.Value.Value) && (person.Party == "" || person.Party == o.Party)
			}) {
				s.count("signatories", true, true)
			} else {
				s.count("signatories", false, true)
				s.miss("signatories", got.names(), person.Name+" ("+person.Party+")")
			}
		}
		for _, o := range got.Signatories {
			if !slices.ContainsFunc(want.Signatories, func(person TrueSignatory) bool {
				return sameWords(person.Name, o.Value.Value) && (person.Party == "" || person.Party == o.Party)
			}) {
				s.count("signatories", true, false)
				s.miss("signatories", o.Value.Value+" ("+o.Party+")", "")
			}
		}
	}
}

// one scores a field that has one value; one that the truth leaves out is not
// scored.
func (s scoring) one(field, want string, got *Value, same func(a, b string) bool) {
	if want == "" {
		return
	}
	read := ""
	if got != nil {
		read = got.Value
	}
	if got != nil && same(want, read) {
		s.count(field, true, true)
		return
	}
	s.count(field, false, true)
	if got != nil {
		s.count(field, true, false)
	}
	s.miss(field, read, want)
}

// count counts what was read and what is true of a field.
func (s scoring) count(field string, got, want bool) {
	if s.By[s.language] == nil {
		s.By[s.language] = map[string]*Score{}
	}
	for _, fields := range []map[string]*Score{s.Fields, s.By[s.language]} {
		for _, name := range []string{field, "all"} {
			score := fields[name]
			if score == nil {
				score = &Score{}
				fields[name] = score
			}
			switch {
			case got && want:
				score.Right++
			case got:
				score.Wrong++
			case want:
				score.Missed++
			}
		}
	}
}

// miss notes what was read wrong, or not at all.
func (s scoring) miss(field, got, want string) {
	s.Misses = append(s.Misses, fmt.Sprintf("%s %s: read %q, it is %q", s.text, field, got, want))
}

func orNil(v Value) *Value {
	if v.Value == "" {
		return nil
	}
	return &v
}

func sameKind(want, got string) bool {
	want = strings.ToLower(strings.TrimSpace(want))
	if code, ok := kindNames[want]; ok {
		want = code
	}
	return want == got
}

// sameWords tells whether two texts have the same words, whatever their case.
func sameWords(a, b string) bool {
	x, y := wordsOf(a), wordsOf(b)
	slices.Sort(x)
	slices.Sort(y)
	return len(x) > 0 && slices.Equal(x, y)
}

// alikeWords tells whether at least two thirds of the words of what was wanted were
// read.
func alikeWords(want, got string) bool {
	x, y := wordsOf(want), wordsOf(got)
	found := 0
	for _, word := range x {
		if slices.Contains(y, word) {
			found++
		}
	}
	return len(x) > 0 && 3*found >= 2*len(x)
}

// wordsOf are a text's words of more than two letters, folded.
func wordsOf(text string) []string {
	return strings.FieldsFunc(fold.Replace(strings.ToLower(text)),
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
