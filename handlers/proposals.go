package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// listProposals serves GET /proposals?state=…&before=…: one's own, for editors all.
func (s proposalPages) listProposals(c *gin.Context) error {
	state := c.Query("state")
	if !c.Request.URL.Query().Has("state") {
		state = "waiting"
	}
	if state != "" && !slices.Contains(pages.ProposalStates, state) {
		return models.Invalid{"state": {Code: "choice", Args: map[string]string{"value": state,
			"choices": strings.Join(pages.ProposalStates[1:], ", ")}}}
	}
	before, _ := strconv.ParseInt(c.Query("before"), 10, 64)
	account := int64(0)
	if p := principalOf(c); p.account != nil && !p.may(publish, true) {
		account = p.account.ID
	}
	list, err := s.store.Proposals().List(c.Request.Context(), account, state, before, models.PageSize+1)
	if err != nil {
		return err
	}
	next := ""
	if len(list) > models.PageSize {
		list = list[:models.PageSize]
		next = strconv.FormatInt(list[models.PageSize-1].ID, 10)
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, whole(list))
	}
	v, err := s.view(c, tr(c, "proposals.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, http.StatusOK, pages.Proposals(v, list, state, next))
}

// proposal reads the one asked for; another's is not found by who may not publish.
func (s proposalPages) proposal(c *gin.Context) (*models.Proposal, error) {
	id, err := number(c, "id")
	if err != nil {
		return nil, err
	}
	p, err := s.store.Proposals().Proposal(c.Request.Context(), id)
	if err != nil {
		return nil, err
	}
	if !principalOf(c).may(publish, true) && !isOwn(c, p) {
		return nil, models.ErrNotFound
	}
	return p, nil
}

// isOwn tells whether a proposal is the caller's.
func isOwn(c *gin.Context, p *models.Proposal) bool {
	a := principalOf(c).account
	return a != nil && a.ID == p.AccountID
}

// mayDecide tells whether whoever asks may accept or return a proposal: an editor,
// but not on an own one that waits for the second pair of eyes.
func (s proposalPages) mayDecide(c *gin.Context, p *models.Proposal) (bool, error) {
	if !principalOf(c).may(publish, true) || !isOwn(c, p) {
		return principalOf(c).may(publish, true), nil
	}
	set, err := s.settings(c.Request.Context())
	return !slices.Contains(set.Reviews, p.Kind()), err
}

// showProposal serves GET /proposals/:id: what it would change.
func (s proposalPages) showProposal(c *gin.Context) error {
	p, err := s.proposal(c)
	if err != nil {
		return err
	}
	return s.proposalPage(c, http.StatusOK, p, nil)
}

// proposalPage shows a proposal, what it would change, and what can be done with
// it.
func (s proposalPages) proposalPage(c *gin.Context, status int, p *models.Proposal,
	problems models.Invalid) (err error) {
	ctx := c.Request.Context()
	view := pages.ProposalView{Proposal: p, Own: isOwn(c, p), Note: c.PostForm("note"), Problems: problems}
	if view.Changes, view.Version, err = s.store.Proposals().ProposalChanges(ctx, p); err != nil {
		return err
	}
	if view.MayDecide, err = s.mayDecide(c, p); err != nil {
		return err
	}
	if format(c) == "json" {
		return writeJSON(c, status, proposalJSON{p, view.Changes, view.Version})
	}
	if view.Own && !p.Seen {
		if err := s.store.Proposals().SeeProposal(ctx, p.ID); err != nil {
			return err
		}
	}
	v, err := s.view(c, tr(c, "proposal.title", "Number", p.ID), nil)
	if err != nil {
		return err
	}
	v.Path = proposalAddress(p.ID)
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.Proposal(v, view))
}

// editProposal serves GET /proposals/:id/edit: the author goes on with it, an
// editor corrects it.
func (s proposalPages) editProposal(c *gin.Context) error {
	p, err := s.correctable(c)
	if err != nil {
		return err
	}
	_, version, err := s.store.Proposals().ProposalChanges(c.Request.Context(), p)
	if err != nil {
		return err
	}
	if p.Subject != "agreement" {
		form, _, err := s.proposalForm(c, p, version, json.Unmarshal)
		if err != nil {
			return err
		}
		return form(http.StatusOK, nil)
	}
	draft, err := p.AgreementDraft()
	if err != nil {
		return err
	}
	id, _ := strconv.ParseInt(p.SubjectKey, 10, 64)
	return s.agreementPages().agreementForm(c, http.StatusOK, pages.FormView{ID: id, Proposal: p.ID, Version: version,
		Draft: draft, Comment: p.Comment})
}

// correctable is a proposal that whoever asks may still change.
func (s proposalPages) correctable(c *gin.Context) (*models.Proposal, error) {
	p, err := s.proposal(c)
	if err != nil {
		return nil, err
	}
	decides, err := s.mayDecide(c, p)
	if err != nil {
		return nil, err
	}
	if p.Action == "withdraw" || !(p.State == "waiting" && decides || isOwn(c, p) &&
		(p.State == "waiting" || p.State == "returned")) {
		return nil, models.ErrNotFound
	}
	return p, nil
}

// proposalForm makes the form of a proposal about a meeting, a party or a person,
// with the draft that read gives of what the proposal has.
func (s proposalPages) proposalForm(c *gin.Context, p *models.Proposal, version int,
	read func(text []byte, draft any) error) (form func(status int, problems models.Invalid) error, draft any, err error) {
	rows := strings.Fields(c.PostForm("do"))
	change := func(names []models.NameDraft) []models.NameDraft {
		if len(rows) > 1 {
			return changeRow(names, rows[0], indexes(rows[2:]))
		}
		return names
	}
	switch p.Subject {
	case "meeting":
		var d models.MeetingDraft
		err = read([]byte(p.Draft), &d)
		return func(status int, problems models.Invalid) error {
			return s.partyPages().meetingForm(c, status, version, d, problems)
		}, &d, err
	case "party":
		var d models.PartyDraft
		err = read([]byte(p.Draft), &d)
		if p.SubjectKey != "" {
			d.Code = p.SubjectKey
		}
		d.Names = change(d.Names)
		return func(status int, problems models.Invalid) error {
			return s.partyPages().partyForm(c, status, version, d, problems)
		}, &d, err
	}
	var d models.PersonDraft
	err = read([]byte(p.Draft), &d)
	d.Names = change(d.Names)
	id, _ := strconv.ParseInt(p.SubjectKey, 10, 64)
	return func(status int, problems models.Invalid) error {
		person, err := s.store.People().Person(c.Request.Context(), id)
		if err != nil {
			return err
		}
		return s.partyPages().personForm(c, status, person, version, d.Names, problems)
	}, &d, err
}

// submitProposal serves POST /proposals/:id/edit.
func (s proposalPages) submitProposal(c *gin.Context) error {
	p, err := s.correctable(c)
	if err != nil {
		return err
	}
	if p.Subject == "agreement" {
		return s.agreementPages().submitAgreement(c)
	}
	version, _ := strconv.Atoi(c.PostForm("version"))
	form, draft, err := s.proposalForm(c, p, version, func(_ []byte, draft any) error { return decode(c, draft) })
	if err != nil {
		return err
	}
	if len(strings.Fields(c.PostForm("do"))) > 1 { // a row more or less
		return form(http.StatusOK, nil)
	}
	return s.settle(c, p, draft, version, principalOf(c).change("", c.PostForm("comment")),
		func(problems models.Invalid) error {
			return form(http.StatusUnprocessableEntity, problems)
		})
}

// saveProposal ends the form of a proposal about an agreement.
func (s proposalPages) saveProposal(c *gin.Context, f pages.FormView, change models.Change) error {
	p, err := s.correctable(c)
	if err != nil {
		return err
	}
	return s.settle(c, p, f.Draft, f.Version, change, func(problems models.Invalid) error {
		f.Problems = problems
		return s.agreementPages().agreementForm(c, http.StatusUnprocessableEntity, f)
	})
}

// settle has the author's new draft wait again, or accepts an editor's correction.
func (s proposalPages) settle(c *gin.Context, p *models.Proposal, draft any, version int, change models.Change,
	again func(models.Invalid) error) error {
	ctx := c.Request.Context()
	decides, err := s.mayDecide(c, p)
	if err != nil {
		return err
	}
	if decides && !isOwn(c, p) {
		if err = s.store.Proposals().AcceptProposal(ctx, p, draft, version, change); err == nil {
			err = s.tellAuthor(ctx, p)
		}
	} else if err = s.store.Proposals().CheckProposal(ctx, p, draft, version, change); err == nil {
		err = s.store.Proposals().ReviseProposal(ctx, p, draft, version, change.Comment)
	}
	var problems models.Invalid
	if errors.As(err, &problems) {
		return again(problems)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, proposalAddress(p.ID))
	return nil
}

// acceptProposal serves POST /proposals/:id/accept.
func (s proposalPages) acceptProposal(c *gin.Context) error {
	p, err := s.decidable(c)
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(c.PostForm("version"))
	err = s.store.Proposals().AcceptProposal(c.Request.Context(), p, nil, version,
		principalOf(c).change("", c.PostForm("note")))
	var problems models.Invalid
	if errors.As(err, &problems) {
		return s.proposalPage(c, http.StatusUnprocessableEntity, p, problems)
	}
	if err != nil {
		return err
	}
	if err := s.tellAuthor(c.Request.Context(), p); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, proposalAddress(p.ID))
	return nil
}

// decidable is a proposal that waits, at the version that was read, for whoever may
// decide on it.
func (s proposalPages) decidable(c *gin.Context) (*models.Proposal, error) {
	p, err := s.proposal(c)
	if err != nil {
		return nil, err
	}
	decides, err := s.mayDecide(c, p)
	if err != nil {
		return nil, err
	}
	if !decides {
		return nil, errForbidden
	}
	if read, _ := strconv.Atoi(c.PostForm("proposal")); p.State != "waiting" || read != p.Version {
		return nil, &models.Conflict{Read: read, Current: p.Version}
	}
	return p, nil
}

// returnProposal serves POST /proposals/:id/return.
func (s proposalPages) returnProposal(c *gin.Context) error {
	p, err := s.decidable(c)
	if err != nil {
		return err
	}
	err = s.store.Proposals().ReturnProposal(c.Request.Context(), p, principalOf(c).change("", c.PostForm("note")))
	var problems models.Invalid
	if errors.As(err, &problems) {
		return s.proposalPage(c, http.StatusUnprocessableEntity, p, problems)
	}
	if err != nil {
		return err
	}
	if err := s.tellAuthor(c.Request.Context(), p); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, proposalAddress(p.ID))
	return nil
}

// takeBackProposal serves POST /proposals/:id/withdraw.
func (s proposalPages) takeBackProposal(c *gin.Context) error {
	p, err := s.proposal(c)
	if err != nil {
		return err
	}
	if !isOwn(c, p) {
		return errForbidden
	}
	if err := s.store.Proposals().TakeBackProposal(c.Request.Context(), p); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, proposalAddress(p.ID))
	return nil
}

// tellAuthor writes to the author of a proposal that it is decided; the site tells
// in any case.
func (s proposalPages) tellAuthor(ctx context.Context, p *models.Proposal) error {
	if s.config.Mail == nil {
		return nil
	}
	a, err := s.store.Accounts().Account(ctx, p.AccountID)
	if err != nil {
		return err
	}
	if err := s.mail(ctx, a, "mail.decided", "Number", p.ID, "Link", s.config.Site+proposalAddress(p.ID)); err != nil {
		s.config.Log.Error("a letter was not sent", "error", err)
	}
	return nil
}
