package exchange

import (
	"cmp"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"chancery/models"
)

// GGO says which files of the GGO data set (R package manytreaties 1.0.0) to import, and how.
type GGO struct {
	Agreements string // ggo-agreements.csv.gz
	Parties    string // ggo-parties.csv.gz
	Files      fs.FS  // where both are; the file system when nil
	Rejected   io.Writer
	Actor      string
	DryRun     bool
	Progress   func(done, total int)
}

// ggoScheme is the external scheme under which the data set's treatyID is kept, which makes the import idempotent.
const ggoScheme = "ggo"

// A Report counts what an import did. Read rows are recorded, the same as recorded before, or refused.
type Report struct {
	AgreementsRead, AgreementsRecorded, AgreementsKnown, AgreementsRefused int
	PartiesRead, PartiesRecorded, PartiesKnown, PartiesRefused             int
	ValuesRefused                                                          int
	Reasons                                                                map[string]int
}

// Rejected counts the lines of the file of rejected rows and values.
func (r *Report) Rejected() int { return r.AgreementsRefused + r.PartiesRefused + r.ValuesRefused }

func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "agreements: %d read, %d recorded, %d known before, %d refused\n", r.AgreementsRead, r.AgreementsRecorded, r.AgreementsKnown, r.AgreementsRefused)
	fmt.Fprintf(&b, "parties:    %d rows read, %d recorded, %d known before, %d refused\n", r.PartiesRead, r.PartiesRecorded, r.PartiesKnown, r.PartiesRefused)
	fmt.Fprintf(&b, "values:     %d refused in rows that were recorded", r.ValuesRefused)
	for _, reason := range slices.Sorted(keys(r.Reasons)) {
		fmt.Fprintf(&b, "\n  %6d  %s", r.Reasons[reason], reason)
	}
	return b.String()
}

func keys(m map[string]int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// ImportGGO records the data set in one transaction: interrupted, it leaves nothing. An agreement of which the register
// has the treatyID already is left as it is.
func ImportGGO(ctx context.Context, store *models.Store, source GGO) (*Report, error) {
	g := &ggo{source: source, report: &Report{Reasons: map[string]int{}}, treaties: map[string]*treaty{}}
	if source.Rejected == nil {
		g.source.Rejected = io.Discard
	}
	g.rejected = csv.NewWriter(g.source.Rejected)
	g.rejected.Write([]string{"file", "line", "column", "value", "reason"})
	var err error
	if g.codes, err = store.CodesOf(ctx, ggoScheme); err != nil {
		return nil, err
	}
	if g.known, err = store.ByExternalID(ctx, ggoScheme); err != nil {
		return nil, err
	}
	if err := g.readAgreements(); err != nil {
		return nil, err
	}
	if err := g.readParties(); err != nil {
		return nil, err
	}
	g.settle()
	if err := g.record(ctx, store); err != nil && !(source.DryRun && errors.Is(err, errDryRun)) {
		return nil, err
	}
	g.rejected.Flush()
	return g.report, g.rejected.Error()
}

var errDryRun = errors.New("dry run")

// ggo is one import under way.
type ggo struct {
	source   GGO
	report   *Report
	rejected *csv.Writer
	codes    *models.Codes
	known    map[string]int64
	treaties map[string]*treaty
	order    []*treaty
}

// A treaty is one agreement of the data set with what the parties' file says of it.
type treaty struct {
	id        string
	line      int
	row       map[string]string
	others    []string // the dates of further rows that bear the same treatyID
	ended     string
	rows      int   // rows of the parties' file
	taken     []int // the lines of those that were taken
	dated     []otherRow
	parties   []string
	acts      map[string][]models.ActDraft
	draft     models.AgreementDraft
	isRefused bool
}

// An otherRow is a party's row dated as another agreement with the same treatyID.
type otherRow struct {
	line         int
	code, signed string
}

func (g *ggo) refuse(file string, line int, column, value, reason string) {
	g.report.Reasons[reason]++
	g.rejected.Write([]string{file, strconv.Itoa(line), column, EscapeFormula(value), reason})
}

const (
	agreementsFile = "agreements"
	partiesFile    = "parties"
)

// Reasons for which a row or value is not taken.
const (
	reasonSameID      = "the treatyID stands in an earlier row already, so that the parties' rows cannot be told apart"
	reasonNoParties   = "no row of the parties' file names a party of it"
	reasonTwoParties  = "fewer than two parties could be made out"
	reasonNoAgreement = "no row of the agreements' file has this treatyID"
	reasonRefused     = "its agreement was refused"
	reasonNote        = "a note, not a party"
	reasonUnknownCode = "nobody is known to have borne this code on that date"
	reasonOther       = "dated as another agreement that bears the same treatyID"
	reasonDate        = "not a date"
	reasonOrder       = "ends before it begins"
	reasonURL         = "not a web address"
	reasonRelation    = "the agreement that it amends or supplements is not recorded"
)

// readRows reads a gzipped CSV with a header, row by row, with line numbers.
func readRows(files fs.FS, path string, row func(line int, cells map[string]string)) error {
	open := func(path string) (fs.File, error) { return os.Open(path) }
	if files != nil {
		open = files.Open
	}
	file, err := open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return fmt.Errorf("%s is not a gzip file: %w", path, err)
	}
	reader := csv.NewReader(unzipped)
	reader.ReuseRecord = true
	first, err := reader.Read()
	if err != nil {
		return fmt.Errorf("reading the header of %s: %w", path, err)
	}
	header := slices.Clone(first)
	cells := make(map[string]string, len(header))
	for {
		record, err := reader.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading %s: %w", path, err)
		}
		line, _ := reader.FieldPos(0)
		for i, name := range header {
			cells[name] = strings.Clone(strings.TrimSpace(record[i]))
		}
		row(line, cells)
	}
}

func (g *ggo) readAgreements() error {
	return readRows(g.source.Files, g.source.Agreements, func(line int, cells map[string]string) {
		g.report.AgreementsRead++
		id := cells["treatyID"]
		if first := g.treaties[id]; first != nil {
			first.others = append(first.others, cells["Signature"], cells["Begin"])
			g.report.AgreementsRefused++
			g.refuse(agreementsFile, line, "treatyID", id, reasonSameID)
			return
		}
		row := make(map[string]string, len(cells))
		for k, v := range cells {
			row[k] = v
		}
		t := &treaty{id: id, line: line, row: row, acts: map[string][]models.ActDraft{}}
		g.treaties[id] = t
		g.order = append(g.order, t)
		if g.known[id] != 0 {
			g.report.AgreementsKnown++
			return
		}
		g.draft(t)
	})
}

// openEnd is how the data set writes "to this day".
const openEnd = "9999-12-31"

// date takes a cell that holds a date, or notes why it cannot; what is empty or stands for "to this day" is no date.
func (g *ggo) date(file string, line int, column, value string) models.Date {
	if value == "" || value == openEnd {
		return models.Date{}
	}
	d, err := models.ParsePoint(value)
	if err != nil {
		g.report.ValuesRefused++
		g.refuse(file, line, column, value, reasonDate)
		return models.Date{}
	}
	return d
}

// draft makes an agreement of a row, its parties left aside.
func (g *ggo) draft(t *treaty) {
	row := t.row
	d := models.AgreementDraft{
		Titles:             []models.TitleDraft{{Language: "en", Text: row["Title"]}},
		Kind:               ggoKind(row["TypeAgree"], row["Title"]),
		Level:              "unknown",
		Place:              row["Location"],
		Depositary:         row["Depository"],
		AuthenticLanguages: strings.ReplaceAll(row["Languages"], " | ", ", "),
		Subjects:           []string{row["TypeSubject"], row["TypeDomain"]},
		ExternalIDs:        []models.ExternalIDDraft{{Scheme: ggoScheme, Value: t.id}},
		Sources:            []models.SourceDraft{{Publisher: "GGO, manytreaties 1.0.0", Title: t.id, Language: "en"}},
	}
	if row["TypeAmbit"] == "Interministerial" {
		d.Level = "interagency"
	}
	if alt := row["TitleAlt"]; alt != "" && alt != row["Title"] {
		d.Titles = append(d.Titles, models.TitleDraft{Language: "und", Text: alt})
	}
	d.Signed = g.date(agreementsFile, t.line, "Signature", row["Signature"]).Written
	if d.Signed == "" {
		d.Signed = g.date(agreementsFile, t.line, "Begin", row["Begin"]).Written
	}
	g.validity(t, &d)
	for _, column := range []string{"TextURL", "Source"} {
		if address := row[column]; strings.HasPrefix(address, "http") {
			address, _, _ = strings.Cut(address, " ")
			if u, err := url.Parse(address); err != nil || u.Host == "" {
				g.report.ValuesRefused++
				g.refuse(agreementsFile, t.line, column, row[column], reasonURL)
				continue
			}
			d.Sources = append(d.Sources, models.SourceDraft{URL: address, Title: row["Title"]})
		}
	}
	if published := row["Published"]; published != "" {
		d.Sources = append(d.Sources, models.SourceDraft{Title: published})
	}
	t.draft = d
}

// validity reads from when until when the agreement holds: Term is its end by its own terms, End how it ended in fact.
func (g *ggo) validity(t *treaty, d *models.AgreementDraft) {
	force := g.date(agreementsFile, t.line, "Force", t.row["Force"])
	term := g.date(agreementsFile, t.line, "Term", t.row["Term"])
	end := g.date(agreementsFile, t.line, "End", t.row["End"])
	if force.Known() && term.Known() && term.Latest < force.Earliest {
		g.report.ValuesRefused++
		g.refuse(agreementsFile, t.line, "Term", t.row["Term"], reasonOrder)
		term = models.Date{}
	}
	if force.Known() {
		d.ValidityPeriods = []models.PeriodDraft{{ValidFrom: force.Written, ValidUntil: term.Written, Basis: "entry-into-force"}}
	}
	ended := end
	if !ended.Known() && !force.Known() {
		ended = term
	}
	t.ended = cmp.Or(ended.Written, term.Written)
	if ended.Known() && !(force.Known() && ended.Written == term.Written) {
		d.Acts = []models.ActDraft{{Type: "termination", Date: ended.Written}}
	}
}

// ggoKind reads the kind of an agreement from the data set's type and, where that says only "agreement", from the
// words with which the title begins.
func ggoKind(typed, title string) string {
	switch typed {
	case "Amendment", "Extending":
		return "amendment"
	case "Protocol":
		return "protocol"
	case "MOU":
		return "memorandum"
	case "Resolution", "Regulation", "Report":
		return "other"
	}
	title = strings.ToLower(title)
	for _, kind := range []struct{ begins, kind string }{{"treaty", "treaty"}, {"convention", "convention"}, {"exchange of", "notes"},
		{"protocol", "protocol"}, {"memorandum", "memorandum"}, {"joint declaration", "declaration"}, {"declaration", "declaration"}, {"amend", "amendment"}} {
		if strings.HasPrefix(title, kind.begins) {
			return kind.kind
		}
	}
	return "agreement"
}

// columnsOfActs are the dates of a party's row, in the order in which they happen.
var columnsOfActs = []struct {
	column string
	act    models.ActType
}{{"StateSignature", models.SignatureAct}, {"StateRatification", models.Ratification}, {"StateForce", models.EntryIntoForce}}

func (g *ggo) readParties() error {
	return readRows(g.source.Files, g.source.Parties, func(line int, cells map[string]string) {
		g.report.PartiesRead++
		t := g.treaties[cells["treatyID"]]
		if t == nil {
			g.refuseParty(line, "treatyID", cells["treatyID"], reasonNoAgreement)
			return
		}
		t.rows++
		if g.known[t.id] != 0 {
			g.report.PartiesKnown++
			return
		}
		g.party(t, line, cells)
	})
}

func (g *ggo) refuseParty(line int, column, value, reason string) {
	g.report.PartiesRefused++
	g.refuse(partiesFile, line, column, value, reason)
}

// party reads one row of a party: its dates become acts, each by whoever bore the code on that day.
func (g *ggo) party(t *treaty, line int, cells map[string]string) {
	code := cells["stateID"]
	if code == "Member countries not listed" {
		g.refuseParty(line, "stateID", code, reasonNote)
		return
	}
	signed, _ := models.ParsePoint(cells["StateSignature"])
	own, _ := models.ParseDate(t.draft.Signed)
	if signed.Known() && signed.Written != own.Written && slices.Contains(t.others, signed.Written) {
		t.dated = append(t.dated, otherRow{line, code, cells["StateSignature"]})
		return
	}
	last := ""
	for _, c := range columnsOfActs {
		d := g.date(partiesFile, line, c.column, cells[c.column])
		if !d.Known() {
			continue
		}
		bearer, ok := g.codes.On(code, d.Earliest)
		if !ok {
			g.refuseParty(line, "stateID", code, reasonUnknownCode)
			return
		}
		t.add(bearer, models.ActDraft{Type: string(c.act), Date: d.Written})
		last = bearer
	}
	if last == "" {
		bearer, ok := g.codes.On(code, own.Earliest)
		if !ok {
			g.refuseParty(line, "stateID", code, reasonUnknownCode)
			return
		}
		t.join(bearer)
		last = bearer
	}
	if end := g.date(partiesFile, line, "StateEnd", cells["StateEnd"]); end.Known() && end.Written != t.ended {
		t.add(last, models.ActDraft{Type: string(models.Withdrawal), Date: end.Written})
	}
	g.report.PartiesRecorded++
	t.taken = append(t.taken, line)
}

func (t *treaty) join(party string) {
	if !slices.Contains(t.parties, party) {
		t.parties = append(t.parties, party)
	}
}

// add notes an act of a party once, however many rows say it.
func (t *treaty) add(party string, act models.ActDraft) {
	t.join(party)
	act.Party = party
	if !slices.Contains(t.acts[party], act) {
		t.acts[party] = append(t.acts[party], act)
	}
}

// settle puts parties and acts into the drafts and refuses the agreements that lack parties, with their rows.
func (g *ggo) settle() {
	for _, t := range g.order {
		if g.known[t.id] != 0 {
			continue
		}
		g.settleOthers(t)
		if len(t.parties) < 2 {
			reason := reasonTwoParties
			if t.rows == 0 {
				reason = reasonNoParties
			}
			g.refuseTreaty(t, "treatyID", t.id, reason)
			continue
		}
		for _, party := range t.parties {
			t.draft.Participations = append(t.draft.Participations, models.ParticipationDraft{Party: party})
			for _, act := range t.acts[party] {
				if len(t.parties) == 2 && act.Type == string(models.SignatureAct) && act.Date == t.draft.Signed {
					continue // the agreement's own date says it
				}
				t.draft.Acts = append(t.draft.Acts, act)
			}
		}
	}
}

// settleOthers decides on the rows that are dated as another agreement with the same treatyID: an agreement that has
// parties of its own leaves them; one that has none takes the parties, for the treatyID names them, but not the dates.
func (g *ggo) settleOthers(t *treaty) {
	needed := len(t.parties) < 2
	for _, row := range t.dated {
		own, _ := models.ParseDate(t.draft.Signed)
		bearer, ok := g.codes.On(row.code, own.Earliest)
		if !needed || !ok {
			g.refuseParty(row.line, "StateSignature", row.signed, reasonOther)
			continue
		}
		t.join(bearer)
		g.report.PartiesRecorded++
		t.taken = append(t.taken, row.line)
		g.report.ValuesRefused++
		g.refuse(partiesFile, row.line, "StateSignature", row.signed, reasonOther)
	}
}

func (g *ggo) refuseTreaty(t *treaty, column, value, reason string) {
	t.isRefused = true
	g.report.AgreementsRefused++
	g.refuse(agreementsFile, t.line, column, value, reason)
	for _, line := range t.taken {
		g.report.PartiesRecorded--
		g.refuseParty(line, "treatyID", t.id, reasonRefused)
	}
}

// batch is how many agreements are recorded in one round of statements.
const batch = 250

// record writes those that stand alone first, then those that amend or supplement one of them: the part of an id after
// its colon names it.
func (g *ggo) record(ctx context.Context, store *models.Store) error {
	var first, second []*treaty
	for _, t := range g.order {
		switch {
		case t.isRefused || g.known[t.id] != 0:
		case strings.Contains(t.id, ":"):
			second = append(second, t)
		default:
			first = append(first, t)
		}
	}
	waiting := slices.Concat(first, second)
	total, done := len(waiting), 0
	var current []*treaty
	next := func() ([]models.AgreementDraft, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if len(waiting) == 0 && g.source.DryRun {
			return nil, errDryRun
		}
		n := min(batch, len(waiting))
		if len(first) > 0 {
			n = min(n, len(first))
			first = first[n:]
		}
		current, waiting = waiting[:n], waiting[n:]
		drafts := make([]models.AgreementDraft, n)
		for i, t := range current {
			g.relate(t)
			drafts[i] = t.draft
		}
		return drafts, nil
	}
	refused := func(i int, bad models.Invalid) {
		field := bad.Fields()[0]
		g.refuseTreaty(current[i], field, bad[field].Args["value"], bad[field].Code)
	}
	numbered := func(ids []int64) {
		for i, id := range ids {
			if id != 0 {
				g.known[current[i].id] = id
				g.report.AgreementsRecorded++
			}
		}
		done += len(ids)
		if g.source.Progress != nil {
			g.source.Progress(done, total)
		}
	}
	return store.RecordAll(ctx, models.Change{Actor: g.source.Actor, Comment: "GGO, manytreaties 1.0.0"}, next, refused, numbered)
}

func (g *ggo) relate(t *treaty) {
	_, base, ok := strings.Cut(t.id, ":")
	if !ok {
		return
	}
	target := g.known[base]
	if target == 0 {
		g.report.ValuesRefused++
		g.refuse(agreementsFile, t.line, "treatyID", t.id, reasonRelation)
		return
	}
	relation := "supplements"
	if t.draft.Kind == "amendment" {
		relation = "amends"
	}
	t.draft.Relations = []models.RelationDraft{{Type: relation, Target: models.Number(strconv.FormatInt(target, 10))}}
}
