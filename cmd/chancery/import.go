package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"chancery/exchange"
	"chancery/frontend/locales"
	"chancery/frontend/pages"
	"chancery/models"
)

// speaker is the console's language.
var speaker = locales.Of("en")

// An importCommand brings files in as /imports does: it checks all rows, tells what
// they come to, and writes them as one operation, in batches. One that was
// interrupted is continued by the next start of the register, or with --resume.
type importCommand struct {
	Files     []string          `arg:"" optional:"" help:"CSV, TSV, XLSX, ODS or JSON, packed with gzip or not: the table of agreements, then those that belong to it." type:"existingfile"`
	As        string            `help:"Name of a mapping, or its file: what the columns mean. Without one it is guessed." placeholder:"NAME|FILE"`
	Rejected  string            `help:"Where to write the rows and values that could not be taken." default:"rejected.csv" placeholder:"FILE"`
	Actor     string            `help:"Who stands in the history." env:"CHANCERY_ACTOR" default:"chancery import"`
	DryRun    bool              `help:"Read and check everything, write nothing."`
	Resume    bool              `help:"Continue imports that were interrupted."`
	Mappings  bool              `help:"List the mappings that are known."`
	Documents string            `help:"Where documents lie, for a whole register: a folder, or a bucket as s3://…" env:"CHANCERY_DOCUMENTS" placeholder:"FOLDER"`
	Site      string            `help:"The public address of the register: our own tables name records by it." env:"CHANCERY_SITE" default:"http://localhost:8080" placeholder:"ADDRESS"`
	Answer    map[string]string `help:"Answers to what is asked of the files: order=dmy, codes=cow, repeats=each, party=CH, title=…" placeholder:"WHAT=VALUE"`
	Keep      bool              `help:"Keep what stands in columns that are not used as further data of the records."`
	Guess     bool              `help:"Print the mapping that would be used, as a file to be changed, and end."`
}

func (c *importCommand) Run(ctx context.Context, line *commandLine) error {
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	importer := exchange.NewImporter(store, slog.Default())
	importer.Progress = line.progress("agreements")
	switch {
	case c.Mappings:
		return listMappings(ctx, store)
	case c.Resume:
		return goOn(ctx, store, importer)
	case len(c.Files) == 0:
		return errors.New("which files? chancery import --help shows how")
	}
	sources, files, err := openFiles(c.Files)
	defer closeAll(files)
	if err != nil {
		return err
	}
	if exchange.IsRegister(sources[0].Content, sources[0].Size) {
		return c.takeUp(ctx, line, store, sources[0])
	}
	if sources, err = exchange.Unpack(sources); err != nil {
		return explainImport(err)
	}
	m, err := c.mapping(ctx, store, sources)
	if err != nil {
		return explainImport(err)
	}
	if err := c.answer(line, &m); err != nil {
		return explainImport(err)
	}
	if c.Keep {
		m.KeepUnused()
	}
	if c.Guess {
		return printJSON(m)
	}
	if err := m.Check(); err != nil {
		return explainImport(err)
	}
	m.Site = c.Site
	return c.bringIn(ctx, line, store, importer, m, exchange.Named(sources))
}

// goOn works until no import is left that anybody works on. One whose process has
// died is taken up after a few seconds.
func goOn(ctx context.Context, store *models.Store, importer *exchange.Importer) error {
	for {
		if err := importer.Settle(ctx); err != nil {
			return err
		}
		left, err := store.Bulk().AtWork(ctx)
		if err != nil || left == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// takeUp fills an empty register from a whole one.
func (c *importCommand) takeUp(ctx context.Context, line *commandLine, store *models.Store,
	source exchange.Source) error {
	documents, err := files(c.Documents, line.Database, 0)
	if err != nil {
		return err
	}
	err = exchange.ReadRegister(ctx, source.Content, source.Size, store, documents.Bucket)
	if errors.Is(err, models.ErrNotEmpty) {
		return errors.New("the register holds records already: a whole register goes into an empty one only")
	}
	if err != nil {
		return err
	}
	if err := holdAgainstHistory(ctx, line, store, nil); err != nil {
		return fmt.Errorf("what was taken up is not what its history says, and must not be used: %w", err)
	}
	line.say("The register stands here as it stood there.")
	return nil
}

func openFiles(paths []string) (sources []exchange.Source, files []*os.File, err error) {
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return nil, files, err
		}
		files = append(files, f)
		info, err := f.Stat()
		if err != nil {
			return nil, files, err
		}
		sources = append(sources, exchange.Source{Name: filepath.Base(path), Content: f, Size: info.Size()})
	}
	return sources, files, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

// mapping is the one named, or read from a file, or guessed.
func (c *importCommand) mapping(ctx context.Context, store *models.Store, sources []exchange.Source) (m models.Mapping,
	err error) {
	if c.As == "" {
		return exchange.Propose(ctx, store, sources)
	}
	all, err := exchange.AllMappings(ctx, store)
	if err != nil {
		return m, err
	}
	var names []string
	for _, m := range all {
		if m.Name == c.As {
			return m, nil
		}
		names = append(names, m.Name)
	}
	f, err := os.Open(c.As)
	if err != nil {
		return m, fmt.Errorf("%q is neither a mapping (%s) nor a file of one", c.As, strings.Join(names, ", "))
	}
	defer f.Close()
	return exchange.ReadMapping(f)
}

// fixedAnswers are what is asked of all agreements, by the names that answer it here.
var fixedAnswers = map[string]string{"party": "fixed[party]", "title": "fixed[title]"}

// answer answers what is asked of the files: as the command line says, else as
// whoever sits at the terminal does; what nobody answers is told.
func (c *importCommand) answer(line *commandLine, m *models.Mapping) error {
	for _, what := range slices.Sorted(maps.Keys(c.Answer)) {
		if err := m.Answer(cmp.Or(fixedAnswers[what], what), c.Answer[what]); err != nil {
			return err
		}
	}
	open, in := m.Open(), bufio.NewReader(os.Stdin)
	for _, q := range m.Questions {
		line.say("%s %s", pages.QuestionText(speaker, q), decided(m, q))
		if !slices.ContainsFunc(open, func(o models.Question) bool { return o.Field == q.Field && o.Code == q.Code }) {
			continue
		}
		what := strings.TrimSuffix(strings.TrimPrefix(q.Field, "fixed["), "]")
		if !isTerminal(os.Stdin) || !isTerminal(os.Stderr) || line.Quiet || c.Guess {
			line.say("  answer with --answer %s=%s", what, cmp.Or(q.Args["party"], "…"))
			continue
		}
		fmt.Fprintf(os.Stderr, "%s: ", what)
		text, err := in.ReadString('\n')
		if text = strings.TrimSpace(text); err != nil || text == "" {
			continue
		}
		if err := m.Answer(q.Field, text); err != nil {
			return err
		}
	}
	return nil
}

// decided is what was decided of a question, empty where nothing was.
func decided(m *models.Mapping, q models.Question) string {
	switch q.Field {
	case "repeats":
		return speaker.T("repeats." + m.Repeats)
	case "codes":
		return speaker.T("codes." + m.Codes)
	case "fixed[title]":
		return m.Fixed["title"]
	case "fixed[party]":
		return m.Fixed["party"]
	}
	return ""
}

func (c *importCommand) bringIn(ctx context.Context, line *commandLine, store *models.Store,
	importer *exchange.Importer, m models.Mapping, named []models.NamedReader) error {
	debug.SetGCPercent(40) // what was read is let go of sooner
	change := models.Change{Actor: c.Actor, Comment: "chancery import"}
	imp, err := importer.BringIn(ctx, m, named, change, c.DryRun)
	if imp == nil {
		return err
	}
	_, kept, e := store.Bulk().Import(ctx, imp.ID)
	if e == nil {
		e = c.report(ctx, line, store, imp, kept)
	}
	if c.DryRun || err != nil && imp.OperationID == nil {
		e = errors.Join(e, store.Bulk().RemoveImport(ctx, imp.ID))
	}
	return errors.Join(explainImport(err), e)
}

func (c *importCommand) report(ctx context.Context, line *commandLine, store *models.Store, imp *models.Import,
	files []models.ImportFile) error {
	for _, u := range imp.UnknownParties() {
		line.say(
			"unknown party %q in %d rows: say which it is under \"parties\" in the mapping, or leave it out there with \"-\"",
			u.Name, u.Rows)
	}
	n := imp.Counted()
	line.say("agreements: %d read, %d new, %d changed (%d fields), %d the same, %d refused", n.Read, n.New, n.Changed,
		n.Fields, n.Same, n.Refused)
	if n.RowsRead > 0 {
		line.say("further rows: %d read, %d taken, %d refused", n.RowsRead, n.RowsTaken, n.RowsRefused)
	}
	line.say("values: %d could not be read", n.ValuesRefused)
	reasons, err := store.Bulk().RefusalCounts(ctx, imp.ID)
	if err != nil || len(reasons) == 0 {
		return err
	}
	for _, r := range reasons {
		line.say("  %6d  %s", r.N, speaker.Problem(r.Why()))
	}
	out, err := os.Create(c.Rejected)
	if err != nil {
		return fmt.Errorf("writing rejected rows: %w", err)
	}
	defer out.Close()
	if err := exchange.WriteRefusals(ctx, out, store, imp.ID, files, speaker.Problem, exchange.CSVOptions{}); err != nil {
		return err
	}
	line.say("What could not be taken stands in %s, with line, column, value and reason.", c.Rejected)
	return out.Close()
}

func listMappings(ctx context.Context, store *models.Store) error {
	all, err := exchange.AllMappings(ctx, store)
	if err != nil {
		return err
	}
	for _, m := range all {
		fmt.Printf("%-12s %s\n", m.Name, m.Title)
	}
	return nil
}

// explainImport says what is wrong with a file or a mapping.
func explainImport(err error) error {
	var invalid models.Invalid
	if !errors.As(err, &invalid) { // nil among others
		return err
	}
	var texts []string
	for _, field := range invalid.Fields() {
		texts = append(texts, field+": "+speaker.Problem(invalid[field]))
	}
	return errors.New(strings.Join(texts, "\n"))
}

// progress shows how far a long work is, at a terminal, five times a second.
func (line *commandLine) progress(what string) func(done, total int64) {
	var shown time.Time
	return func(done, total int64) {
		if line.Quiet || !isTerminal(os.Stderr) || done < total && time.Since(shown) < time.Second/5 {
			return
		}
		shown = time.Now()
		const clear = "\r\x1b[K" // what stands on the line
		switch {
		case total <= 0:
			fmt.Fprintf(os.Stderr, clear+"%s: %d", what, done)
		case done < total:
			fmt.Fprintf(os.Stderr, clear+"%s: %d of %d (%d %%)", what, done, total, 100*done/total)
		default:
			fmt.Fprint(os.Stderr, clear)
		}
	}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
