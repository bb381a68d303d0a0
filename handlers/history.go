package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"chancery/frontend/components"
	"chancery/frontend/pages"
	"chancery/models"
)

// showHistory serves GET /agreements/:id/history?from=1&to=3.
func (s agreementPages) showHistory(c *gin.Context) error {
	ctx := c.Request.Context()
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	a, err := s.store.Agreement(ctx, id)
	var withdrawn *models.Withdrawn
	if err != nil && !errors.As(err, &withdrawn) {
		return err
	}
	list, err := s.store.History().Revisions(ctx, "agreement", fmt.Sprint(id))
	if err != nil {
		return err
	}
	from, _ := strconv.Atoi(c.Query("from"))
	to, _ := strconv.Atoi(c.Query("to"))
	changes, err := s.compare(ctx, id, from, to)
	if err != nil {
		return err
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, historyJSON{whole(list), changes})
	}
	v, err := s.view(c, tr(c, "history.title", "Number", id), nil, "json")
	if err != nil {
		return err
	}
	view := pages.HistoryView{ID: id, Version: a.Version, Withdrawn: withdrawn != nil, List: list,
		From: from, To: to, Changes: changes, Actor: s.config.Actor}
	if principalOf(c).may(publish, true) && withdrawn == nil && !a.Restricted {
		if err := s.fillClosed(ctx, &view); err != nil {
			return err
		}
	}
	return html(c, http.StatusOK, pages.History(v, view))
}

// fillClosed gathers what of an open agreement stays with those who sign in.
func (s agreementPages) fillClosed(ctx context.Context, view *pages.HistoryView) error {
	documents, err := s.store.Documents().List(ctx, view.ID)
	if err != nil {
		return err
	}
	view.ClosedDocuments = slices.DeleteFunc(documents, func(d models.Document) bool { return !d.Restricted })
	for _, r := range view.List {
		if r.Restricted {
			view.ClosedRevisions = append(view.ClosedRevisions, r)
		}
	}
	return nil
}

// compare lists what two revisions say differently; nothing where none are asked
// for.
func (s agreementPages) compare(ctx context.Context, id int64, from, to int) ([]models.FieldChange, error) {
	if from < 1 || to < 1 {
		return nil, nil
	}
	before, err := s.store.History().Revision(ctx, "agreement", fmt.Sprint(id), from)
	if err != nil {
		return nil, err
	}
	after, err := s.store.History().Revision(ctx, "agreement", fmt.Sprint(id), to)
	if err != nil {
		return nil, err
	}
	return models.Compare(before, after)
}

// showRevision serves GET /agreements/:id/revisions/:number, as JSON: what the
// record said after that change.
func (s agreementPages) showRevision(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	n, err := number(c, "number")
	if err != nil {
		return err
	}
	revision, err := s.store.History().Revision(c.Request.Context(), "agreement", fmt.Sprint(id), int(n))
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, revisionJSON{revision, json.RawMessage(revision.Record)})
}

// openRevision serves POST /agreements/:id/revisions/:number/open.
func (s agreementPages) openRevision(c *gin.Context) error {
	return s.open(c, "number", func(ctx context.Context, agreement, n int64, change models.Change) error {
		return s.store.History().OpenRevision(ctx, agreement, int(n), change)
	})
}

// openDocument serves POST /agreements/:id/documents/:document/open.
func (s agreementPages) openDocument(c *gin.Context) error {
	return s.open(c, "document", s.store.Documents().Open)
}

// open lets everybody read a part of an agreement, and leads back to the page that lists
// what is left.
func (s agreementPages) open(c *gin.Context, part string,
	open func(ctx context.Context, agreement, n int64, change models.Change) error) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	n, err := number(c, part)
	if err != nil {
		return err
	}
	change := principalOf(c).change(s.actor(c.PostForm("actor")), "")
	if change.Actor == "" {
		return models.Invalid{"actor": {Code: "required"}}
	}
	if err := open(c.Request.Context(), id, n, change); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, components.AgreementAddress(id)+"/history")
	return nil
}

// restoreAgreement serves POST /agreements/:id/restore.
func (s agreementPages) restoreAgreement(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(c.PostForm("version"))
	n, _ := strconv.Atoi(c.PostForm("number"))
	change := principalOf(c).change(s.actor(c.PostForm("actor")), c.PostForm("comment"))
	if change.Actor == "" {
		return models.Invalid{"actor": {Code: "required"}}
	}
	if err := s.store.Restore(c.Request.Context(), id, version, n, change); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, components.AgreementAddress(id))
	return nil
}
