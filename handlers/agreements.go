package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"chancery/exchange"
	"chancery/frontend/components"
	"chancery/frontend/locales"
	"chancery/frontend/pages"
	"chancery/models"
	"chancery/models/edtf"
	stands "chancery/models/status"

	"github.com/gin-gonic/gin"
)

// listAgreements serves GET /agreements.
func (s agreementPages) listAgreements(c *gin.Context) error {
	f, err := models.ParseFilter(query(c), s.today(), listParameters...)
	return s.respondWithAgreements(c, f, err)
}

// listParameters are those of a list besides its filter's.
var listParameters = []string{"lang", "exact", "bom", "counts", "table"}

// respondWithAgreements answers with the agreements of a filter; a filter with
// problems shows them above the list.
func (s agreementPages) respondWithAgreements(c *gin.Context, f models.Filter, err error) error {
	var problems models.Invalid
	if err != nil && (!errors.As(err, &problems) || format(c) != "html") {
		return err
	}
	ctx := c.Request.Context()
	if exporting(c) {
		return s.readingPages().export(c, "agreements", f)
	}
	if tabular(c) {
		return s.csv(c, exchange.AgreementsTable, func() error {
			return exchange.WriteAgreementsCSV(c.Writer, s.store.Lists().AllAgreements(ctx, f, lang(c)), s.site(c),
				csvOptions(c))
		})
	}
	l := pages.ListView{Filter: f, Problems: problems}
	if problems == nil {
		if err := narrow(c, s.store, &l); err != nil {
			return err
		}
		f = l.Filter
		if err := s.fillList(c, &l); err != nil {
			return err
		}
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, countedListing{listed(c, l.Page.Total, l.Page.Items, l.Page.Next), l.Counts})
	}
	status := http.StatusOK
	if problems != nil {
		status = http.StatusBadRequest
	}
	codes := slices.Concat(codesOf(l.Page.Items), f.Parties, f.Pair[:])
	if l.Counts != nil {
		for _, value := range l.Counts.Facet("party").Values {
			codes = append(codes, value.Value)
		}
	}
	feed := components.Address("/feed.atom", f.Values(s.today()))
	if f.Pair[0] == "" {
		v, err := s.view(c, tr(c, "nav.agreements"), codes, "json", "csv")
		if err != nil {
			return err
		}
		v.Feed = feed
		return html(c, status, pages.Agreements(v, l))
	}
	return s.respondWithPair(c, status, l, codes, feed)
}

// fillList reads what a list shows: its page, and for people the numbers beside it
// and by year. The walk that counts makes the list out as well, and goes first.
func (s agreementPages) fillList(c *gin.Context, l *pages.ListView) (err error) {
	ctx := c.Request.Context()
	if l.Counts == nil && (format(c) == "html" || c.Query("counts") == "1") {
		if l.Counts, err = s.store.Statistics().Counts(ctx, l.Filter); err != nil {
			return err
		}
	}
	if l.Page, err = s.store.Lists().Agreements(ctx, l.Filter, lang(c)); err != nil {
		return err
	}
	if format(c) == "html" {
		l.Years, err = s.store.Statistics().Years(ctx, l.Filter)
	}
	return err
}

// showAgreement serves GET /agreements/:id.
func (s agreementPages) showAgreement(c *gin.Context) error {
	ctx := c.Request.Context()
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	f, err := models.ParseFilter(query(c), s.today(), "lang", "table", "exact", "bom")
	if err != nil {
		return err
	}
	if tabular(c) && !exporting(c) {
		if err := s.store.Visible(ctx, id); err != nil {
			return err
		}
		f.Agreement = id
		return s.readingPages().timelineCSV(c, f)
	}
	a, err := s.store.AgreementAt(ctx, id, f.Recorded)
	if err != nil {
		return s.agreementGone(c, id, a, err)
	}
	if _, err := s.store.Outcome(ctx, a, f.On); err != nil {
		return err
	}
	if done, err := s.readingPages().drawing(c, components.AgreementFigure(locales.In(ctx), a, f.On)); done {
		return err
	}
	if exporting(c) {
		return s.readingPages().exportOne(c, a, f.On)
	}
	if format(c) == "json" {
		return s.writeAgreement(c, http.StatusOK, a, f.On)
	}
	view, err := s.agreementView(ctx, a, f.On)
	if err != nil {
		return err
	}
	v, err := s.view(c, "", a.PartyCodes(), "json", "csv", "svg", "png")
	if err != nil {
		return err
	}
	v.Title, _ = a.TitleIn(v.Lang)
	return html(c, http.StatusOK, pages.Agreement(v, view))
}

// agreementGone answers where an agreement cannot be read: the number of one that
// was merged leads to the record that stands for both, a withdrawn one has a page
// that says so.
func (s agreementPages) agreementGone(c *gin.Context, id int64, a *models.Agreement, err error) error {
	var withdrawn *models.Withdrawn
	switch {
	case errors.As(err, &withdrawn) && withdrawn.MergedInto > 0:
		to := components.AgreementAddress(withdrawn.MergedInto)
		if ending := format(c); ending != "html" {
			to += "." + ending
		}
		c.Redirect(http.StatusFound, components.Address(to, c.Request.URL.Query()))
		return nil
	case errors.As(err, &withdrawn) && format(c) == "html":
		v, err := s.view(c, tr(c, "tombstone.title", "Number", id), nil)
		if err != nil {
			return err
		}
		return html(c, http.StatusGone, pages.Tombstone(v, a))
	}
	return err
}

// agreementView gathers what the page of an agreement shows.
func (s agreementPages) agreementView(ctx context.Context, a *models.Agreement, on edtf.Day) (view pages.AgreementView,
	err error) {
	view = pages.AgreementView{Agreement: a, On: on}
	if view.Outcome, err = s.store.Outcome(ctx, a, on); err != nil {
		return view, err
	}
	if view.Lineage, err = s.store.Lineage(ctx, a.ID, on); err != nil {
		return view, err
	}
	if view.NamesThen, err = s.store.Parties().NamesOn(ctx, locales.In(ctx).Lang, a.PartyCodes(), a.SignedLatest); err != nil {
		return view, err
	}
	if view.Related, err = s.store.Relations(ctx, a.ID); err != nil {
		return view, err
	}
	if view.Takes = s.config.Files != nil; view.Takes {
		if view.Documents, err = s.store.Documents().List(ctx, a.ID); err != nil {
			return view, err
		}
		view.Actor = s.config.Actor
	}
	revision, err := s.store.History().Revision(ctx, "agreement", fmt.Sprint(a.ID), a.Version)
	if err != nil {
		return view, err
	}
	view.Revision = *revision
	return view, nil
}

// writeAgreement writes an agreement as JSON, with its states on a day. Its tag
// names the version first: If-Match is held against that.
func (s agreementPages) writeAgreement(c *gin.Context, status int, a *models.Agreement, on edtf.Day) error {
	outcome, err := s.store.Outcome(c.Request.Context(), a, on)
	if err != nil {
		return err
	}
	related, err := s.store.Relations(c.Request.Context(), a.ID)
	if err != nil {
		return err
	}
	then, err := s.store.Parties().NamesOn(c.Request.Context(), lang(c), a.PartyCodes(), a.SignedLatest)
	if err != nil {
		return err
	}
	lineage, err := s.store.Lineage(c.Request.Context(), a.ID, on)
	if err != nil {
		return err
	}
	c.Header("ETag", etag(a.Version, c.Writer.Header().Get("ETag")))
	now := spellOf(stands.At(outcome.Whole, on))
	byParty := make(map[string]spellJSON, len(outcome.Parties))
	for code, spells := range outcome.Parties {
		byParty[code] = spellOf(stands.At(spells, on))
	}
	return writeJSON(c, status, agreementJSON{a, on, now.Status, now.Uncertain, a.Incomplete(), a.Warnings, now.Because, spellsOf(outcome.Whole), byParty,
		related, lineage, then, a.PartyCodes()})
}

// etag names an agreement's version first; what follows tells apart what else its
// representation depends on.
func etag(version int, rest string) string {
	rest = strings.Trim(strings.TrimPrefix(rest, "W/"), `"`)
	if rest == "" {
		return fmt.Sprintf(`"v%d"`, version)
	}
	return fmt.Sprintf(`"v%d.%s"`, version, rest)
}

// versionRead reads the version that a change was made on out of If-Match.
func versionRead(c *gin.Context) (int, error) {
	header := tagSuffix.ReplaceAllString(strings.TrimSpace(c.GetHeader("If-Match")), `"`)
	if header == "" {
		return 0, errPrecondition
	}
	text, _, _ := strings.Cut(strings.TrimPrefix(strings.Trim(strings.TrimPrefix(header, "W/"), `"`), "v"), ".")
	version, err := strconv.Atoi(text)
	if err != nil {
		return 0, errStale
	}
	return version, nil
}

// readDraft reads an agreement as JSON; fields that are not a draft's, such as
// those a client got from us, are left aside.
func readDraft(c *gin.Context) (draft models.AgreementDraft, change models.Change, err error) {
	if !isJSON(c.Request) {
		return draft, change, errMediaType
	}
	for name := range query(c) { // a write takes none: who sends one means something by it
		if name != "lang" {
			return draft, change, models.Invalid{name: {Code: "unknown_parameter", Args: map[string]string{"value": name}}}
		}
	}
	var body agreementBody
	text, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return draft, change, received(err)
	}
	if bytes.Contains(text, []byte(`\u0000`)) { // no text has one
		return draft, change, unreadable("NUL")
	}
	if err := json.Unmarshal(text, &body); err != nil {
		return draft, change, unreadable(err.Error())
	}
	if err := refuseUnknownFields(text, body, agreementJSON{}); err != nil { // what a client got from us it may send back
		return draft, change, err
	}
	return body.AgreementDraft, models.Change{Actor: body.Actor, Comment: body.Comment}, nil
}

// createAgreement serves POST /agreements, as JSON; a form is sent to
// /agreements/new.
func (s agreementPages) createAgreement(c *gin.Context) error {
	draft, change, err := readDraft(c)
	if err != nil {
		return err
	}
	change = principalOf(c).change(s.client(change.Actor), change.Comment)
	change.Key = c.GetHeader("Idempotency-Key")
	var id int64
	proposed, err := s.submit(c, proposalOf(0, 0), draft, change, func(ctx context.Context) (err error) {
		id, err = s.store.Record(ctx, draft, change)
		return err
	})
	if err != nil {
		return err
	}
	if proposed > 0 {
		return proposedJSON(c, proposed)
	}
	a, err := s.store.Agreement(c.Request.Context(), id)
	if err != nil {
		return err
	}
	c.Header("Location", components.AgreementAddress(id))
	return s.writeAgreement(c, http.StatusCreated, a, s.today())
}

// replaceAgreement serves PUT /agreements/:id, as JSON with If-Match.
func (s agreementPages) replaceAgreement(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	version, err := versionRead(c)
	if err != nil {
		return err
	}
	draft, change, err := readDraft(c)
	if err != nil {
		return err
	}
	change = principalOf(c).change(s.client(change.Actor), change.Comment)
	proposed, err := s.submit(c, proposalOf(id, version), draft, change, func(ctx context.Context) error {
		_, err := s.store.Revise(ctx, id, version, draft, change)
		return err
	})
	if err != nil {
		return stale(err)
	}
	if proposed > 0 {
		return proposedJSON(c, proposed)
	}
	a, err := s.store.Agreement(c.Request.Context(), id)
	if err != nil {
		return err
	}
	return s.writeAgreement(c, http.StatusOK, a, s.today())
}

// stale says of a conflict what it is to a client that sent If-Match.
func stale(err error) error {
	var conflict *models.Conflict
	if errors.As(err, &conflict) {
		return errStale
	}
	return err
}

// suggestAgreements serves GET /agreements/suggest?q=…, the options of a field for
// a register number.
func (s agreementPages) suggestAgreements(c *gin.Context) error {
	typed := strings.TrimSpace(c.Query("q"))
	f := models.Filter{On: s.today(), Limit: 8, Text: typed}
	if id, err := strconv.ParseInt(typed, 10, 64); err == nil {
		f.Text, f.Agreement = "", id
	}
	var options []pages.Suggestion
	if typed != "" {
		page, err := s.store.Lists().Agreements(c.Request.Context(), f, lang(c))
		if err != nil {
			return err
		}
		for _, e := range page.Items {
			options = append(options, pages.Suggestion{Value: fmt.Sprintf("%d · %s", e.ID, e.Title), Text: e.Title,
				More: tr(c, "agreement.no", "Number", e.ID)})
		}
	}
	return html(c, http.StatusOK, pages.Suggestions(options))
}
