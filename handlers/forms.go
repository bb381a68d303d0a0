package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"chancery/frontend/components"
	"chancery/frontend/locales"
	"chancery/frontend/pages"
	"chancery/models"
	"chancery/models/edtf"

	"github.com/gin-gonic/gin"
)

// newAgreement serves GET /agreements/new.
func (s agreementPages) newAgreement(c *gin.Context) error {
	f := pages.FormView{Key: newKey(), Actor: rememberedActor(c, s.config.Actor), Fresh: true}
	if like := c.Query("like"); like != "" {
		draft, err := likeness(c.Request.Context(), s.store, like)
		if err != nil {
			return err
		}
		f.Draft, f.Fresh = draft, false
	}
	return s.agreementForm(c, http.StatusOK, f)
}

// editAgreement serves GET /agreements/:id/edit.
func (s agreementPages) editAgreement(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	a, err := s.store.Agreement(c.Request.Context(), id)
	if err != nil {
		return err
	}
	revision, err := s.store.History().Revision(c.Request.Context(), "agreement", fmt.Sprint(id), 0)
	if err != nil {
		return err
	}
	draft, err := revision.Draft()
	if err != nil {
		return fmt.Errorf("reading revision %d of agreement %d: %w", revision.Number, id, err)
	}
	return s.agreementForm(c, http.StatusOK, pages.FormView{ID: id, Version: a.Version, Draft: draft,
		Actor: rememberedActor(c, s.config.Actor), Fresh: true})
}

// submitAgreement serves POST /agreements/new, POST /agreements/:id/edit and POST
// /proposals/:id/edit: it saves, or gives the form back with a row more or less,
// with what is wrong, or with what may be the same record.
func (s agreementPages) submitAgreement(c *gin.Context) error {
	if c.FullPath() == "/agreements/new" && strings.HasPrefix(c.GetHeader("Content-Type"), "multipart/form-data") {
		return s.askReport(c)
	}
	f, err := s.formSent(c)
	if err != nil {
		return err
	}
	if err := s.askWhole(c, f); err != nil {
		return err
	}
	dropped := tidyChart(&f.Draft, c.PostFormArray("cell"))
	do := c.PostForm("do")
	verb, argument, _ := strings.Cut(do, " ")
	if f.Report != nil && verb == "instrument" {
		n, _ := strconv.Atoi(argument)
		return s.fillFrom(c, f, n)
	}
	if redraws(do) {
		return s.redraw(c, f, strings.Fields(do), dropped)
	}
	if err := tidyForm(c.Request.Context(), s.store, &f.Draft); err != nil {
		return err
	}
	if do == "check" {
		return s.checkAgreement(c, f)
	}
	change := principalOf(c).change(s.actor(f.Actor), f.Comment)
	change.Key = f.Key
	if change.Actor == "" {
		return s.askActor(c, f)
	}
	if f.Proposal > 0 {
		return s.proposalPages().saveProposal(c, f, change)
	}
	if id, err := strconv.ParseInt(argument, 10, 64); verb == "source" && err == nil && f.Report != nil {
		return s.addSource(c, f, change, id)
	}
	if f.ID == 0 && do != "record" {
		found, err := s.duplicates(c, f)
		if err != nil {
			return s.unsaved(c, f, err)
		}
		if f.Duplicates = found; len(found) > 0 {
			return s.agreementForm(c, http.StatusConflict, f)
		}
	}
	return s.saveAgreement(c, f, change)
}

// redraw gives the form back as one of its buttons changes it; the acts that were
// dropped still counted when the button was drawn.
func (s agreementPages) redraw(c *gin.Context, f pages.FormView, button []string, dropped []int) error {
	if len(button) == 3 && button[1] == "acts" {
		before, _ := slices.BinarySearch(dropped, indexes(button[2:])[0])
		button[2] = strconv.Itoa(indexes(button[2:])[0] - before)
	}
	if err := changeRows(c, s.store, s.today(), &f, button); err != nil {
		return err
	}
	return s.agreementForm(c, http.StatusOK, f)
}

// redraws tells whether a button of the form saves nothing: it adds or removes rows,
// chooses one of two dates, or takes up what was left unfinished.
func redraws(do string) bool {
	verb, _, more := strings.Cut(do, " ")
	return do == "redraw" || do == "restore" || more && verb != "source" && verb != "instrument"
}

// formSent is the form as it was sent, and what it is of.
func (s agreementPages) formSent(c *gin.Context) (f pages.FormView, err error) {
	switch c.FullPath() {
	case "/agreements/new":
		f.Report = reportOf(c)
	case "/agreements/:id/edit":
		if f.ID, err = number(c, "id"); err != nil {
			return f, err
		}
	case "/proposals/:id/edit":
		p, err := s.proposalPages().correctable(c)
		if err != nil {
			return f, err
		}
		f.Proposal = p.ID
		f.ID, _ = strconv.ParseInt(p.SubjectKey, 10, 64)
	}
	if err := decode(c, &f.Draft); err != nil {
		return f, err
	}
	chooseDate(&f.Draft, c.PostForm("do"))
	f.Key, f.Actor, f.Comment = c.PostForm("key"), c.PostForm("actor"), strings.TrimSpace(c.PostForm("comment"))
	f.Version, _ = strconv.Atoi(c.PostForm("version"))
	return f, nil
}

// askWhole has a form ask for two parties and a date, unless the record has been
// without them.
func (s agreementPages) askWhole(c *gin.Context, f pages.FormView) error {
	if f.ID > 0 {
		a, err := s.store.Agreement(c.Request.Context(), f.ID)
		var withdrawn *models.Withdrawn
		if err != nil && !errors.As(err, &withdrawn) {
			return err
		}
		if a != nil && a.Incomplete() {
			return nil
		}
	}
	c.Request = c.Request.WithContext(models.AskAll(c.Request.Context()))
	return nil
}

// askActor gives the form back to whoever has not said who they are, with what else
// is wrong.
func (s agreementPages) askActor(c *gin.Context, f pages.FormView) error {
	f.Problems = models.Invalid{}
	if err := s.store.Drafts().Check(c.Request.Context(), f.ID, f.Draft); !errors.As(err, &f.Problems) && err != nil {
		return err
	}
	f.Problems["actor"] = models.Problem{Code: "required"}
	return s.agreementForm(c, http.StatusUnprocessableEntity, f)
}

// duplicates asks for records like the draft, unless it is not in order yet or was
// recorded by this very form: that is looked at last, for the form may be sent
// twice at once.
func (s agreementPages) duplicates(c *gin.Context, f pages.FormView) ([]models.AgreementSummary, error) {
	ctx := c.Request.Context()
	if err := s.store.Drafts().Check(ctx, 0, f.Draft); err != nil {
		return nil, nil // saving says what is wrong
	}
	found, err := s.store.Bulk().Duplicates(ctx, f.Draft)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	if id, err := s.store.Drafts().Submitted(ctx, f.Key, f.Draft); err != nil || id != 0 {
		return nil, err
	}
	return found, nil
}

// checkAgreement says whether the draft could be saved.
func (s agreementPages) checkAgreement(c *gin.Context, f pages.FormView) error {
	err := s.store.Drafts().Check(c.Request.Context(), f.ID, f.Draft)
	switch {
	case errors.As(err, &f.Problems):
		return s.agreementForm(c, http.StatusUnprocessableEntity, f)
	case err != nil:
		return err
	}
	f.Checked = true
	return s.agreementForm(c, http.StatusOK, f)
}

// chooseDate puts the date that was chosen of two into its field: the button sends
// "date signed 2025-11-05".
func chooseDate(d *models.AgreementDraft, do string) {
	rest, ok := strings.CutPrefix(do, "date ")
	field, chosen, _ := strings.Cut(rest, " ")
	for path, date := range d.Dates() {
		if ok && path == field {
			*date = chosen
		}
	}
}

// saveAgreement records or revises what a form says, or proposes it; what goes
// wrong gives the form back with all that was typed.
func (s agreementPages) saveAgreement(c *gin.Context, f pages.FormView, change models.Change) error {
	id := f.ID
	proposed, err := s.submit(c, proposalOf(id, f.Version), f.Draft, change, func(ctx context.Context) (err error) {
		if f.ID == 0 {
			id, err = s.store.Record(ctx, f.Draft, change)
		} else {
			_, err = s.store.Revise(ctx, id, f.Version, f.Draft, change)
		}
		return err
	})
	var conflict *models.Conflict
	switch {
	case err == nil && f.Report != nil && c.PostForm("do") == "next" && proposed == 0:
		next := pages.FormView{Key: newKey(), Actor: f.Actor, Report: &pages.ReportView{Text: f.Report.Text,
			URL: f.Report.URL, Published: f.Report.Published, Recorded: id}}
		return s.fillFrom(c, next, f.Report.Index+1)
	case err == nil:
		rememberActor(c, f.Actor, s.config.Site)
		return s.redirectToSaved(c, proposed, id, f)
	case errors.As(err, &f.Problems):
		return s.agreementForm(c, http.StatusUnprocessableEntity, f)
	case errors.As(err, &conflict):
		return s.showConflict(c, f, conflict)
	}
	return s.unsaved(c, f, err)
}

// unsaved gives the form back when the register could not be written just now; if
// it cannot be read either, the page of the error keeps what was typed.
func (s agreementPages) unsaved(c *gin.Context, f pages.FormView, err error) error {
	if !unavailable(err) {
		return err
	}
	f.Unsaved = true
	status := http.StatusServiceUnavailable
	if models.Full(err) {
		status = http.StatusInsufficientStorage
	}
	c.Header("Retry-After", seconds(retryAfter))
	// the time for saving may be over
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), retryAfter/2)
	defer cancel()
	c.Request = c.Request.WithContext(ctx)
	if s.agreementForm(c, status, f) != nil {
		return err
	}
	s.config.Log.Error("a record was not saved", "request", requestID(c), "path", c.Request.URL.Path, "error", err)
	return nil
}

// showConflict shows what another saved meanwhile beside what was typed; saving
// again goes over the new version.
func (s agreementPages) showConflict(c *gin.Context, f pages.FormView, conflict *models.Conflict) error {
	theirs, err := s.store.History().Revision(c.Request.Context(), "agreement", fmt.Sprint(f.ID), 0)
	if err != nil {
		return err
	}
	yours, err := s.store.Drafts().Preview(c.Request.Context(), f.ID, f.Draft)
	if err != nil {
		return err
	}
	changes, err := models.Compare(theirs, yours)
	if err != nil {
		return err
	}
	f.Conflict = &pages.ConflictView{Read: conflict.Read, Current: conflict.Current, Actor: theirs.Actor, Changes: changes}
	f.Version = conflict.Current
	return s.agreementForm(c, http.StatusConflict, f)
}

// agreementForm writes the form with the rows that everybody needs.
func (s agreementPages) agreementForm(c *gin.Context, status int, f pages.FormView) error {
	if f.Key == "" && f.ID == 0 {
		f.Key = newKey()
	}
	d := &f.Draft
	addRows(d, lang(c))
	codes, err := s.store.Parties().Organisations(c.Request.Context())
	if err != nil {
		return err
	}
	f.Groups = slices.Clone(codes)
	for _, p := range d.Participations {
		codes = append(codes, p.Party)
	}
	for _, a := range d.Acts {
		codes = append(codes, a.Party)
	}
	if d.Kind == "" {
		d.Kind = "agreement"
	}
	if d.Level == "" {
		d.Level = "unknown"
	}
	f.Meetings = map[string]string{}
	for _, m := range d.Meetings {
		if meeting, err := s.store.Meetings().Meeting(c.Request.Context(), m.Meeting.Int()); err == nil {
			f.Meetings[string(m.Meeting)] = meeting.Title + ", " + locales.In(c.Request.Context()).Date(meeting.HeldDate())
		}
	}
	f.MayFetch = s.config.Reports.Fetch != nil
	if f.Report != nil {
		if err := s.showReport(c, &f); err != nil {
			return err
		}
	}
	v, err := s.view(c, pages.FormTitle(locales.In(c.Request.Context()), f.ID), codes)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.AgreementForm(v, f))
}

// readDate serves GET /dates?bound=from&date=2026: how a date is understood, or
// what is wrong with it, as one line of text or as JSON. The date comes under
// whatever name its field has; what can be two is asked.
func (s agreementPages) readDate(c *gin.Context) error {
	written, field := "", ""
	for name, values := range c.Request.URL.Query() {
		if name != "bound" && name != "lang" {
			written, field = strings.TrimSpace(values[0]), name
		}
	}
	var read edtf.Reading
	var err error
	if written != "" {
		read, err = edtf.Read(written)
	}
	var refused *edtf.DateError
	switch {
	case errors.As(err, &refused) && format(c) == "json":
		return models.Invalid{"date": {Code: "date_" + refused.Code, Args: map[string]string{"value": written}}}
	case format(c) == "json":
		return writeJSON(c, http.StatusOK, dateJSON{readDate: dateOf(read.Date), Other: dateOf(read.Other)})
	case written == "":
		return html(c, http.StatusOK, components.Text(""))
	case err != nil:
		problem := models.Problem{Code: "date_" + refused.Code, Args: map[string]string{"value": written}}
		return html(c, http.StatusOK, components.Text(locales.In(c.Request.Context()).Problem(problem)))
	case read.Ambiguous():
		return html(c, http.StatusOK, components.WhichDate(field, read.Date.Written, read.Other.Written))
	}
	return html(c, http.StatusOK, components.Text(components.Understood(locales.In(c.Request.Context()), written, c.Query("bound"))))
}
