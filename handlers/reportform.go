package handlers

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"chancery/frontend/components"
	"chancery/frontend/locales"
	"chancery/frontend/pages"
	"chancery/models"
	"chancery/press"
)

// fillFrom fills the form from one of the report's instruments, and looks for
// records of the same signing.
func (s agreementPages) fillFrom(c *gin.Context, f pages.FormView, n int) error {
	ctx := c.Request.Context()
	draft, _, err := s.readReport(ctx, f.Report)
	if err != nil {
		return err
	}
	if len(draft.Instruments) > 0 {
		n = max(0, min(n, len(draft.Instruments)-1))
		f.Report.Index = n
		filled := draft.Fill(n, f.Report.Text)
		f.Draft = filled.Draft
		if err := s.precede(ctx, &f.Draft, draft.Instruments[n]); err != nil {
			return err
		}
		if f.Report.Known, err = s.knownReports(ctx, filled); err != nil {
			return err
		}
	} else {
		f.Draft = models.AgreementDraft{Sources: []models.SourceDraft{sourceOf(draft)}}
	}
	if f.Draft.Sources != nil && f.Report.URL != "" {
		for i := range f.Draft.Sources {
			f.Draft.Sources[i].Accessed = string(s.today())
		}
	}
	return s.agreementForm(c, http.StatusOK, f)
}

// sourceOf is a report as the source of a record that a person makes of it.
func sourceOf(d press.Draft) models.SourceDraft {
	source := models.SourceDraft{URL: d.URL, Language: d.Language}
	if d.Headline != nil {
		source.Title = d.Headline.Value
	}
	if d.Publisher != nil {
		source.Publisher = d.Publisher.Value
	}
	if d.Published != nil {
		source.Published = d.Published.Value
	}
	return source
}

// precede names the record of the instrument that the report says came before: the
// same parties and kind, its years.
func (s agreementPages) precede(ctx context.Context, d *models.AgreementDraft, in press.Instrument) error {
	if len(in.Earlier) == 0 || len(d.Participations) != 2 {
		return nil
	}
	page, err := s.store.Lists().Agreements(ctx, models.Filter{Pair: models.PairOf(d.Participations[0].Party,
		d.Participations[1].Party), Kinds: []string{d.Kind}, Scope: "bilateral", On: s.today(), Limit: 50}, "")
	if err != nil {
		return err
	}
	for _, e := range page.Items {
		a, err := s.store.Agreement(ctx, e.ID)
		if err != nil {
			return err
		}
		for _, p := range a.ValidityPeriods {
			years := p.ValidFrom + "-" + p.ValidUntil
			for _, earlier := range in.Earlier {
				if p.ValidFrom != "" && strings.Contains(strings.NewReplacer("–", "-", "−", "-", "/", "-").Replace(earlier.Value),
					years) {
					d.Relations = append(d.Relations, models.RelationDraft{Type: "succeeds",
						Target: models.Number(strconv.FormatInt(a.ID, 10))})
					return nil
				}
			}
		}
	}
	return nil
}

// knownReports are the records that may be of the same signing, held against the
// report.
func (s agreementPages) knownReports(ctx context.Context, f press.Filled) (list []pages.KnownReport, err error) {
	found, err := s.store.Bulk().Reported(ctx, f.Draft)
	if err != nil {
		return nil, err
	}
	for _, e := range found {
		a, err := s.store.Agreement(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		if a.Kind != f.Draft.Kind && a.Kind != "other" && f.Draft.Kind != "other" && a.Kind != "agreement" &&
			f.Draft.Kind != "agreement" {
			continue
		}
		list = append(list, pages.KnownReport{Entry: e, Facts: press.Compare(a, f)})
		if len(list) == 3 {
			break
		}
	}
	return list, nil
}

// reportOf is the report that a form was filled from, by its hidden fields; nil for
// a form without one.
func reportOf(c *gin.Context) *pages.ReportView {
	text := c.PostForm("report")
	if text == "" {
		return nil
	}
	r := &pages.ReportView{Text: text, URL: c.PostForm("report_url"), Published: c.PostForm("report_published")}
	r.Index, _ = strconv.Atoi(c.PostForm("instrument"))
	return r
}

// addSource records a report as a further source of an agreement that is there
// already.
func (s agreementPages) addSource(c *gin.Context, f pages.FormView, change models.Change, id int64) error {
	ctx := c.Request.Context()
	a, err := s.store.Agreement(ctx, id)
	if err != nil {
		return err
	}
	revision, err := s.store.History().Revision(ctx, "agreement", fmt.Sprint(id), 0)
	if err != nil {
		return err
	}
	draft, err := revision.Draft()
	if err != nil {
		return fmt.Errorf("reading revision %d of agreement %d: %w", revision.Number, id, err)
	}
	draft.Sources = append(draft.Sources, f.Draft.Sources...)
	if change.Comment == "" {
		change.Comment = tr(c, "report.comment")
	}
	change.Key = ""
	return s.saveAgreement(c, pages.FormView{ID: id, Version: a.Version, Draft: draft, Actor: f.Actor,
		Comment: change.Comment}, change)
}

// showReport prepares a report for the page: its passages, its instruments in
// words, and which fields were read from where.
func (s agreementPages) showReport(c *gin.Context, f *pages.FormView) error {
	r := f.Report
	ctx := c.Request.Context()
	draft, second, err := s.readReport(ctx, r)
	if err != nil {
		return err
	}
	r.Language, r.Truncated = draft.Language, draft.Truncated
	var codes []string
	for _, in := range draft.Instruments {
		for _, p := range in.Parties {
			codes = append(codes, p.Value.Value)
		}
	}
	names, err := s.store.Parties().PartyNames(ctx, lang(c), codes)
	if err != nil {
		return err
	}
	r.Instruments = instrumentTexts(locales.In(ctx), draft, names)
	if len(draft.Instruments) == 0 {
		r.Pieces = []press.Piece{{Text: r.Text}}
		return nil
	}
	r.Index = max(0, min(r.Index, len(draft.Instruments)-1))
	filled := draft.Fill(r.Index, r.Text)
	r.Pieces = filled.Pieces(r.Text)
	others := map[string]string{}
	if second != nil {
		others = differences(filled, *second, r.Text)
	}
	readings := readingsOf(r, filled, press.Paths(f.Draft))
	for path, other := range others {
		reading := readings[path]
		reading.Other = other
		readings[path] = reading
	}
	c.Request = c.Request.WithContext(components.WithReadings(ctx, readings))
	return nil
}

// instrumentTexts names the instruments of a report: by their titles, or by their
// kinds and parties.
func instrumentTexts(speaker *locales.Localizer, draft press.Draft, names map[string]string) (texts []string) {
	for _, in := range draft.Instruments {
		parts := []string{}
		for _, p := range in.Parties {
			parts = append(parts, names[p.Value.Value])
		}
		text := speaker.T("kind."+in.Kind.Value) + ": " + strings.Join(parts, " – ")
		if in.Title != nil {
			text = in.Title.Value
		}
		texts = append(texts, text)
	}
	return texts
}

// readingsOf tells of the fields of a form which were read from where in a report;
// not of those in which a person has put something else.
func readingsOf(r *pages.ReportView, filled press.Filled, now map[string]string) map[string]components.Reading {
	readings := map[string]components.Reading{}
	for path, v := range filled.Read {
		if typed := now[path]; !strings.EqualFold(typed, v.Value) && !strings.HasSuffix(typed, "("+v.Value+")") &&
			!strings.HasPrefix(path, "validity_periods") {
			continue // a person has put something else there
		}
		mark := ""
		for i, p := range r.Pieces {
			if slices.Contains(p.Fields, path) {
				mark = fmt.Sprintf("mark-%d", i)
				break
			}
		}
		readings[path] = components.Reading{Sure: v.Sure, Mark: mark}
	}
	return readings
}

// differences are what a second reader read otherwise, by the form's fields.
func differences(ours press.Filled, second press.Draft, text string) map[string]string {
	best, most := map[string]string{}, -1
	mine := press.Paths(ours.Draft)
	for i := range second.Instruments {
		theirs := press.Paths(second.Fill(i, text).Draft)
		same, other := 0, map[string]string{}
		for path, value := range theirs {
			switch {
			case value == "":
			case strings.EqualFold(mine[path], value):
				same++
			default:
				other[path] = value
			}
		}
		if same > most {
			best, most = other, same
		}
	}
	return best
}
