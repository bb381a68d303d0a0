package press

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// A Truth is what a text says, written down by a person: NNN-LANG.json beside
// NNN-LANG.txt. What the text does not state is left out and not scored; no
// instruments means that nothing was signed.
type Truth struct {
	Instruments []TrueInstrument `json:"instruments"`
}

// A TrueInstrument is one instrument of a truth. Kind is a code of models.Kinds or
// its English name.
type TrueInstrument struct {
	Kind         string            `json:"kind"`
	Title        string            `json:"title"`
	Level        string            `json:"level"`
	Parties      []string          `json:"parties"`
	Institutions map[string]string `json:"institutions"` // by the party's code
	Signatories  []TrueSignatory   `json:"signatories"`
	Signed       string            `json:"signed"` // EDTF
	Place        string            `json:"place"`
	Valid        string            `json:"valid"` // EDTF
	Occasion     string            `json:"occasion"`
	Earlier      []string          `json:"earlier"`
}

// A TrueSignatory is a person who signed.
type TrueSignatory struct {
	Name   string `json:"name"`
	Party  string `json:"party"`
	Office string `json:"office"`
}

// A Score counts what was read rightly, read wrongly and missed of a field.
type Score struct {
	Right  int `json:"right"`
	Wrong  int `json:"wrong"`
	Missed int `json:"missed"`
}

// Precision is the share of what was read that is right; 1 where nothing was read.
func (s Score) Precision() float64 { return share(s.Right, s.Right+s.Wrong) }

// Recall is the share of what there is that was read; 1 where there is nothing.
func (s Score) Recall() float64 { return share(s.Right, s.Right+s.Missed) }

// F1 is the harmonic mean of both.
func (s Score) F1() float64 { return share(2*s.Right, 2*s.Right+s.Wrong+s.Missed) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// ScoredFields in the order in which they are printed; instruments tells of
// instruments found at all.
var ScoredFields = []string{"instruments", "kind", "level", "parties", "institutions", "signatories", "signed",
	"place", "valid", "occasion", "earlier"}

// An Evaluation scores readings against truths.
type Evaluation struct {
	Texts  int
	Fields map[string]*Score            // by field
	By     map[string]map[string]*Score // by language, then field
	Misses []string                     // what was read otherwise, in words
}

// Evaluate reads every text of a folder that has a truth beside it.
func Evaluate(reader *Reader, folder string) (*Evaluation, error) {
	truths, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("looking for truths in %s: %w", folder, err)
	}
	e := &Evaluation{Fields: map[string]*Score{}, By: map[string]map[string]*Score{}}
	for _, path := range truths {
		text, err := os.ReadFile(strings.TrimSuffix(path, ".json") + ".txt") // #nosec G304 -- the operator names the folder
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading a text: %w", err)
		}
		written, err := os.ReadFile(path) // #nosec G304
		if err != nil {
			return nil, fmt.Errorf("reading a truth: %w", err)
		}
		var truth Truth
		if err := json.Unmarshal(written, &truth); err != nil {
			return nil, fmt.Errorf("reading %s: %w", path, err)
		}
		e.Add(strings.TrimSuffix(filepath.Base(path), ".json"), truth, reader.Read(Report{Text: string(text)}))
	}
	if e.Texts == 0 {
		return nil, fmt.Errorf("%s has no texts with their truth (NNN-LANG.txt beside NNN-LANG.json)", folder)
	}
	return e, nil
}

// A Figure is a score as it is told.
type Figure struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// Figures are the scores by field, "all" among them.
func (e *Evaluation) Figures() map[string]Figure {
	figures := map[string]Figure{}
	for field, s := range e.Fields {
		figures[field] = Figure{s.Precision(), s.Recall(), s.F1()}
	}
	return figures
}

// Languages of the texts, by alphabet.
func (e *Evaluation) Languages() []string { return slices.Sorted(maps.Keys(e.By)) }

// Add scores one reading. Instruments are paired so that as much as possible
// agrees.
func (e *Evaluation) Add(name string, truth Truth, draft Draft) {
	e.Texts++
	s := scoring{e, name, draft.Language}
	left := slices.Clone(draft.Instruments)
	type pair struct{ t, d, points int }
	var pairs []pair
	for t, want := range truth.Instruments {
		for d, got := range left {
			pairs = append(pairs, pair{t, d, agreement(want, got)})
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return b.points - a.points })
	tDone, dDone := map[int]bool{}, map[int]bool{}
	for _, p := range pairs {
		if !tDone[p.t] && !dDone[p.d] {
			tDone[p.t], dDone[p.d] = true, true
			s.count("instruments", true, true)
			s.compare(truth.Instruments[p.t], left[p.d])
		}
	}
	for t, want := range truth.Instruments {
		if !tDone[t] {
			s.miss("instruments", "", want.Kind+" "+strings.Join(want.Parties, "-"))
			s.count("instruments", false, true)
			s.compare(want, Instrument{})
		}
	}
	for d, got := range left {
		if !dDone[d] {
			s.miss("instruments", got.Kind.Value+" "+strings.Join(got.codes(), "-"), "")
			s.count("instruments", true, false)
		}
	}
}

func (in Instrument) codes() (codes []string) {
	for _, p := range in.Parties {
		codes = append(codes, p.Value.Value)
	}
	return codes
}

// agreement is how much of a truth a reading meets, to pair them.
func agreement(want TrueInstrument, got Instrument) (points int) {
	if sameKind(want.Kind, got.Kind.Value) {
		points += 3
	}
	for _, code := range want.Parties {
		if slices.Contains(got.codes(), code) {
			points++
		}
	}
	if got.Valid != nil && want.Valid == got.Valid.Value {
		points += 3
	} else if want.Valid != "" || got.Valid != nil {
		points--
	}
	for _, p := range got.Parties {
		if p.Institution != nil && alikeWords(want.Institutions[p.Value.Value], p.Institution.Value) {
			points += 2
		}
	}
	if got.Level != nil && want.Level == got.Level.Value {
		points++
	}
	for _, s := range got.Signatories {
		if slices.ContainsFunc(want.Signatories, func(o TrueSignatory) bool { return sameWords(o.Name, s.Value.Value) }) {
			points++
		}
	}
	return points
}

type scoring struct {
	*Evaluation
	text, language string
}

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

func (s scoring) miss(field, got, want string) {
	s.Misses = append(s.Misses, fmt.Sprintf("%s %s: read %q, it is %q", s.text, field, got, want))
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

func (in Instrument) names() string {
	var names []string
	for _, s := range in.Signatories {
		names = append(names, s.Value.Value+" ("+s.Party+")")
	}
	return strings.Join(names, ", ")
}

func orNil(v Value) *Value {
	if v.Value == "" {
		return nil
	}
	return &v
}

// kindNames are the kinds by their names in English, as truths give them.
var kindNames = map[string]string{"memorandum of understanding": "memorandum", "mou": "memorandum",
	"letter of intent": "memorandum", "cooperation plan": "plan", "action plan": "plan", "program": "programme",
	"roadmap": "programme", "exchange of notes": "notes",
	"exchange of letters": "notes", "joint declaration": "declaration", "joint statement": "declaration",
	"statement": "declaration", "communiqué": "communique", "joint communiqué": "communique", "contract": "agreement"}

func sameKind(want, got string) bool {
	want = strings.ToLower(strings.TrimSpace(want))
	if code, ok := kindNames[want]; ok {
		want = code
	}
	return want == got
}

func wordsOf(text string) []string {
	return strings.FieldsFunc(fold.Replace(strings.ToLower(text)),
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
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
