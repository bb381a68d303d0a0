package exchange

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"chancery/models"
)

// batch is how many agreements are checked or written in one round of statements.
const batch = 1000

// mostUnknown is how many names of unknown parties are kept.
const mostUnknown = 2000

// An Importer checks and writes the imports of a register, and undoes operations,
// one after another. Several processes may have one each.
type Importer struct {
	Progress func(done, total int64) // told after each batch, if set

	store    *models.Store
	log      *slog.Logger
	holder   string
	wake     chan struct{}
	failures map[int64]int
}

// NewImporter makes one for a register.
func NewImporter(store *models.Store, log *slog.Logger) *Importer {
	return &Importer{store: store, log: log, holder: rand.Text(), wake: make(chan struct{}, 1), failures: map[int64]int{}}
}

// Wake says that there is something to do.
func (i *Importer) Wake() {
	select {
	case i.wake <- struct{}{}:
	default:
	}
}

// idle is how often an importer looks for work that another process, or an earlier
// run of this one, has left.
const idle = 5 * time.Second

// Run works until the context ends. What it is at then is continued by the next
// one.
func (i *Importer) Run(ctx context.Context) {
	for {
		if err := i.Settle(ctx); err != nil && ctx.Err() == nil {
			i.log.Error("an import or its undoing does not go on", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-i.wake:
		case <-time.After(idle):
		}
	}
}

// Settle works until nothing is left to do.
func (i *Importer) Settle(ctx context.Context) error {
	for {
		undo, err := i.store.Bulk().ToUndo(ctx)
		if err != nil {
			return err
		}
		if undo > 0 {
			if err := i.undo(ctx, undo); err != nil {
				return err
			}
			continue
		}
		imp, err := i.store.Bulk().TakeImport(ctx, i.holder)
		if err != nil || imp == nil {
			return err
		}
		if err := i.work(ctx, imp); err != nil {
			return err
		}
	}
}

func (i *Importer) undo(ctx context.Context, id int64) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if all, err := i.store.Bulk().UndoStep(ctx, id); err != nil || all {
			return err
		}
	}
}

// mostFailures is how often an import is tried again when something else than its
// files is wrong.
const mostFailures = 5

func (i *Importer) work(ctx context.Context, imp *models.Import) error {
	var err error
	if imp.State == "checking" {
		err = i.check(ctx, imp)
	} else {
		err = i.write(ctx, imp)
	}
	var invalid models.Invalid
	switch {
	case err == nil, errors.Is(err, models.ErrTaken): // or it was cancelled
		return nil
	case errors.As(err, &invalid):
		problem := invalid[invalid.Fields()[0]]
		return i.store.Bulk().EndImport(ctx, imp, i.holder, &problem)
	case ctx.Err() != nil:
		return err
	}
	if now, _, e := i.store.Bulk().Import(ctx, imp.ID); e != nil || now.State != imp.State {
		return e // it was cancelled, and its files with it
	}
	if i.failures[imp.ID]++; i.failures[imp.ID] >= mostFailures {
		i.log.Error("an import failed", "import", imp.ID, "error", err)
		return i.store.Bulk().EndImport(ctx, imp, i.holder, &models.Problem{Code: "import_failed"})
	}
	return err
}

// open opens the files of an import.
func (i *Importer) open(ctx context.Context, imp *models.Import) (*Intake, error) {
	m, err := imp.ReadMapping()
	if err != nil {
		return nil, err
	}
	return OpenImport(ctx, i.store, imp, m)
}

// OpenImport opens the files of an import by a mapping.
func OpenImport(ctx context.Context, store *models.Store, imp *models.Import, m models.Mapping) (*Intake, error) {
	sources, err := Sources(ctx, store, imp.ID)
	if err != nil {
		return nil, err
	}
	return NewIntake(ctx, store, m, sources)
}

// Sources are the files of an import, to be read.
func Sources(ctx context.Context, store *models.Store, id int64) (sources []Source, err error) {
	_, files, err := store.Bulk().Import(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		sources = append(sources, Source{f.Name, store.Bulk().FileContent(ctx, f), f.Size})
	}
	return sources, nil
}

// check reads all rows and tells what each would come to. It begins anew after a
// restart.
func (i *Importer) check(ctx context.Context, imp *models.Import) error {
	if imp.Done > 0 {
		return i.store.Bulk().RecheckImport(ctx, imp.ID, i.holder) // and it is taken again
	}
	in, err := i.open(ctx, imp)
	if err != nil {
		return err
	}
	unknown := map[string]*models.UnknownParty{}
	relates := in.relates()
	coming := map[string]bool{} // identifiers of agreements that will be there
	total := int64(0)
	err = in.batches(ctx, 0, func(list []*composed) error {
		outcomes, err := i.appraise(ctx, list)
		if err != nil {
			return err
		}
		p := progress{}
		for j, c := range list {
			for named, codes := range c.unknown {
				if unknown[named] == nil && len(unknown) < mostUnknown {
					unknown[named] = &models.UnknownParty{Name: named, Codes: codes}
				}
				if u := unknown[named]; u != nil {
					u.Rows++
				}
			}
			outcomes[j].Missing = slices.DeleteFunc(outcomes[j].Missing,
				func(r models.IncomingRelation) bool { return coming[r.Value] })
			p.add(c.counted(outcomes[j]))
			if relates && c.problem == nil && c.unit.id != "" {
				coming[c.unit.id] = true
			}
		}
		p.Unknown = sortedUnknown(unknown)
		total += p.Steps
		if i.Progress != nil {
			i.Progress(total, 0)
		}
		return i.store.Bulk().Checked(ctx, imp, i.holder, p.Progress, total, false)
	})
	if err != nil {
		return err
	}
	if err := i.store.Bulk().Checked(ctx, imp, i.holder, models.Progress{Unknown: sortedUnknown(unknown)}, total,
		true); err != nil || !in.Mapping.AtOnce {
		return err
	}
	return i.store.Bulk().StartImport(ctx, imp.ID, models.Change{Actor: imp.Actor, AccountID: imp.AccountID,
		Address: imp.Address})
}

func sortedUnknown(unknown map[string]*models.UnknownParty) (list []models.UnknownParty) {
	for _, name := range slices.Sorted(maps.Keys(unknown)) {
		list = append(list, *unknown[name])
	}
	slices.SortStableFunc(list, func(a, b models.UnknownParty) int { return b.Rows - a.Rows })
	return list
}

// appraise asks what the register would do with agreements; those that cannot be
// read are refused already.
func (i *Importer) appraise(ctx context.Context, list []*composed) ([]models.Outcome, error) {
	incoming, place := takable(list)
	found, err := i.store.Bulk().Preview(ctx, incoming)
	if err != nil {
		return nil, err
	}
	return spread(found, place, len(list)), nil
}

// takable are those that could be read, with their places.
func takable(list []*composed) (incoming []models.Incoming, place []int) {
	for j, c := range list {
		if c.problem == nil {
			incoming, place = append(incoming, c.Incoming), append(place, j)
		}
	}
	return incoming, place
}

func spread(found []models.Outcome, place []int, n int) []models.Outcome {
	all := make([]models.Outcome, n)
	for j, o := range found {
		all[place[j]] = o
	}
	return all
}

// write writes all that is not written yet.
func (i *Importer) write(ctx context.Context, imp *models.Import) error {
	in, err := i.open(ctx, imp)
	if err != nil {
		return err
	}
	err = in.batches(ctx, imp.Done, func(list []*composed) error {
		incoming, place := takable(list)
		err := i.store.Bulk().ImportBatch(ctx, imp, i.holder, incoming, func(found []models.Outcome) models.Progress {
			p := progress{}
			for j, o := range spread(found, place, len(list)) {
				once := *list[j] // the transaction may be tried again
				p.add(once.counted(o))
			}
			return p.Progress
		})
		if err == nil && i.Progress != nil {
			i.Progress(imp.Done, imp.Total)
		}
		return err
	})
	if err != nil {
		return err
	}
	return i.store.Bulk().EndImport(ctx, imp, i.holder, nil)
}

// progress sums up what the units of a batch came to.
type progress struct{ models.Progress }

func (p *progress) add(o models.Progress) {
	p.Steps += o.Steps
	p.Counts.Add(o.Counts)
	p.Refusals = append(p.Refusals, o.Refusals...)
}

// batches composes units, after so many steps, and gives a batch at a time: at most
// batch of them, and none that leads to another of the same, which must be recorded
// before it.
func (in *Intake) batches(ctx context.Context, after int64, do func(list []*composed) error) error {
	var list []*composed
	given := map[string]bool{} // the identifiers in it
	steps := int64(0)
	for u, err := range in.units(ctx) {
		if stopped := ctx.Err(); stopped != nil { // whatever else that led to
			return stopped
		}
		if err != nil {
			return err
		}
		if steps++; steps <= after {
			continue
		}
		c, err := in.compose(u)
		if err != nil {
			return err
		}
		if len(list) == batch || slices.ContainsFunc(c.Relations, func(r models.IncomingRelation) bool {
			return given[r.Value]
		}) {
			if err := do(list); err != nil {
				return err
			}
			list = nil
			clear(given)
		}
		list = append(list, c)
		given[u.id] = true
	}
	if len(list) == 0 {
		return nil
	}
	return do(list)
}

// Preview reads the first agreements of the files as an import would. It looks at
// the first rows of a table only: of further tables what belongs to them.
func (in *Intake) Preview(ctx context.Context, store *models.Store, n int) (list []Preview, err error) {
	read, _, done, err := in.gather(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	var first []*composed
	for u, err := range read {
		if err != nil {
			return nil, err
		}
		c, err := in.compose(u)
		if err != nil {
			return nil, err
		}
		if first = append(first, c); len(first) == n {
			break
		}
	}
	incoming, place := takable(first)
	found, err := store.Bulk().Preview(ctx, incoming)
	if err != nil {
		return nil, err
	}
	for j, o := range spread(found, place, len(first)) {
		c := first[j]
		p := Preview{Line: c.unit.rows[0].line, Draft: c.Draft, Number: o.Number, What: o.Action}
		p.Refusals = c.counted(o).Refusals
		if c.problem != nil {
			p.What = models.IncomingRefused
		}
		list = append(list, p)
	}
	return list, nil
}

// BringIn keeps files, checks all rows and, unless it is only to be tried, writes
// them, all by a mapping. What it came to stands in the import, which is removed
// after a trial.
func (i *Importer) BringIn(ctx context.Context, m models.Mapping, files []models.NamedReader, change models.Change,
	try bool) (*models.Import, error) {
	id, err := i.store.Bulk().NewImport(ctx, m, files, change)
	if err != nil {
		return nil, err
	}
	steps := []func() error{func() error { return i.store.Bulk().CheckImport(ctx, id) },
		func() error { return i.store.Bulk().StartImport(ctx, id, change) }}
	if try {
		steps = steps[:1]
	}
	var imp *models.Import
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
		if err := i.Settle(ctx); err != nil {
			return nil, err
		}
		if imp, _, err = i.store.Bulk().Import(ctx, id); err != nil {
			return nil, err
		}
		if problem, failed := imp.Failure(); failed {
			return imp, models.Invalid{"file": problem}
		}
	}
	return imp, nil
}
