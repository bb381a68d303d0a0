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

// share is a part in per cent.
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

// codes are those of an instrument's parties.
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

func (in Instrument) names() string {
	var names []string
	for _, s := range in.Signatories {
		names = append(names, s.Value.Value+" ("+s.Party+")")
	}
	return strings.Join(names, ", ")
}

// kindNames are the kinds by their names in English, as truths give them.
var kindNames = map[string]string{"memorandum of understanding": "memorandum", "mou": "memorandum",
	"letter of intent": "memorandum", "cooperation plan": "plan", "action plan": "plan", "program": "programme",
	"roadmap": "programme", "exchange of notes": "notes",
	"exchange of letters": "notes", "joint declaration": "declaration", "joint statement": "declaration",
	"statement": "declaration", "communiqué": "communique", "joint communiqué": "communique", "contract": "agreement"}
