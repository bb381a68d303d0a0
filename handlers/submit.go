package handlers

import (
	"context"
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

// submit makes a change, or has it wait for an editor: when its author may only
// propose, or when the register asks for a second pair of eyes for its kind. It
// returns the number of the proposal, 0 when the change is made.
func (s *Server) submit(c *gin.Context, p models.Proposal, draft any, change models.Change,
	apply func(ctx context.Context) error) (int64, error) {
	ctx := c.Request.Context()
	waits, err := s.waits(c, p.Kind())
	if err != nil {
		return 0, err
	}
	if !waits {
		return 0, apply(ctx)
	}
	if err := apply(models.Rehearsal(ctx)); !errors.Is(err, models.ErrRehearsed) {
		return 0, err
	}
	return s.store.Proposals().Propose(ctx, p, draft, change)
}

// waits tells whether a change of a kind by whoever asks waits for an editor.
func (s *Server) waits(c *gin.Context, kind string) (bool, error) {
	p := principalOf(c)
	if p.first {
		return false, nil
	}
	if !p.may(publish, true) {
		return true, nil
	}
	set, err := s.settings(c.Request.Context())
	return slices.Contains(set.Reviews, kind), err
}

func proposalAddress(id int64) string { return fmt.Sprintf("/proposals/%d", id) }

// redirectAfterSave leads to the record that was changed, or to the proposal that
// waits in its place.
func redirectAfterSave(c *gin.Context, proposed int64, record string) error {
	if proposed > 0 {
		record = proposalAddress(proposed)
	}
	c.Redirect(http.StatusSeeOther, record)
	return nil
}

// redirectToSaved leads to an agreement that was saved; to its history, which asks what else
// to open, when it was restricted before and is not any more.
func (s agreementPages) redirectToSaved(c *gin.Context, proposed, id int64, f pages.FormView) error {
	record := components.AgreementAddress(id) + "#saved-now"
	if f.ID == 0 {
		record = components.AgreementAddress(id) + "#recorded-now" // where the page says what can follow
	}
	if f.ID != 0 && !f.Draft.Restricted && proposed == 0 {
		before, err := s.store.History().Revision(c.Request.Context(), "agreement", strconv.FormatInt(id, 10), f.Version)
		if err == nil && before.Restricted {
			record = components.AgreementAddress(id) + "/history"
		}
	}
	return redirectAfterSave(c, proposed, record)
}

// proposedJSON says to a program that its change waits.
func proposedJSON(c *gin.Context, id int64) error {
	c.Header("Location", proposalAddress(id))
	return writeJSON(c, http.StatusAccepted, waitingJSON{id, "waiting"})
}

// proposalOf is a proposal of an agreement's record (0 is a new one), made on a
// version.
func proposalOf(id int64, version int) models.Proposal {
	if id == 0 {
		return models.Proposal{Subject: "agreement", Action: "record"}
	}
	return models.Proposal{Subject: "agreement", SubjectKey: strconv.FormatInt(id, 10), Action: "revise", Base: version}
}
