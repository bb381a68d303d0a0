package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"chancery/exchange"
	"chancery/frontend/pages"
	"chancery/models"
	"chancery/models/search"

	"github.com/gin-gonic/gin"
)

// listParties serves GET /parties.
func (s partyPages) listParties(c *gin.Context) error {
	if tabular(c) {
		return s.readingPages().panel(c, exchange.PartyYearsTable, true)
	}
	text, kind := strings.TrimSpace(c.Query("text")), c.Query("kind")
	list, err := s.store.Parties().List(c.Request.Context(), lang(c), kind, text)
	if err != nil {
		return err
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, whole(list))
	}
	v, err := s.view(c, tr(c, "parties.title"), nil, "json", "csv")
	if err != nil {
		return err
	}
	begin, _ := strconv.Atoi(c.Query("after"))
	begin = max(0, min(begin, len(list)))
	end, next := min(begin+partiesPerPage, len(list)), ""
	if end < len(list) {
		next = strconv.Itoa(end)
	}
	return html(c, http.StatusOK, pages.Parties(v, kind, text, len(list), list[begin:end], next))
}

// partiesPerPage is how many parties a page of their list has.
const partiesPerPage = 100

// showParty serves GET /parties/:code; an address by another code of the party
// leads to the canonical one.
func (s partyPages) showParty(c *gin.Context) error {
	ctx := c.Request.Context()
	code := c.Param("code")
	party, err := s.store.Parties().Party(ctx, code)
	if errors.Is(err, models.ErrNotFound) {
		if found, e := s.store.Parties().FindParty(ctx, code); e == nil && found != code {
			redirect(c, http.StatusMovedPermanently, "/parties/"+found)
			return nil
		}
	}
	if err != nil {
		return err
	}
	p := pages.PartyView{Party: party}
	if p.Ties, err = s.store.Parties().Ties(ctx, code); err != nil {
		return err
	}
	reading, err := s.reading(c)
	if err != nil {
		return err
	}
	reading.Parties = []string{code}
	if exporting(c) {
		return s.readingPages().export(c, code, reading)
	}
	if tabular(c) {
		return s.readingPages().timelineCSV(c, reading)
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, partyJSON{party, p.Ties})
	}
	if p.Partners, err = s.store.Statistics().Partners(ctx, reading, 40); err != nil {
		return err
	}
	reading.Limit = 10
	newest, err := s.store.Lists().Agreements(ctx, reading, lang(c))
	if err != nil {
		return err
	}
	p.Newest = newest.Items
	codes := append(codesOf(p.Newest), p.Ties.Predecessors...)
	codes = append(codes, p.Ties.Successors...)
	for _, m := range append(p.Ties.Members, p.Ties.MemberOf...) {
		codes = append(codes, m.Member, m.Organisation)
	}
	for _, other := range p.Partners {
		codes = append(codes, other.Pair)
	}
	v, err := s.view(c, party.Name(lang(c)), codes, "json")
	if err != nil {
		return err
	}
	v.Feed = "/feed.atom?party=" + code
	return html(c, http.StatusOK, pages.Party(v, p))
}

// suggestParties serves GET /parties/suggest?q=…, the options of a field for a
// party.
func (s partyPages) suggestParties(c *gin.Context) error {
	list, err := s.store.Parties().SuggestParties(c.Request.Context(), lang(c), c.Query("q"), 10)
	if err != nil {
		return err
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, whole(list))
	}
	options := make([]pages.Suggestion, len(list))
	for i, p := range list {
		options[i] = pages.Suggestion{Value: p.Name + " (" + p.Code + ")", Text: p.Name, More: p.Code}
		if p.Matched != "" && search.Fold(p.Matched) != search.Fold(p.Name) {
			options[i].More = p.Code + " · " + p.Matched
		}
		if c.Query("value") == "code" {
			options[i].Value = p.Code
		}
	}
	return html(c, http.StatusOK, pages.Suggestions(options))
}

// newParty serves GET /parties/new.
func (s partyPages) newParty(c *gin.Context) error {
	draft := models.PartyDraft{Kind: "organisation"}
	for _, l := range models.Languages {
		draft.Names = append(draft.Names, models.NameDraft{Language: l})
	}
	return s.partyForm(c, http.StatusOK, 0, draft, nil)
}

// editParty serves GET /parties/:code/edit.
func (s partyPages) editParty(c *gin.Context) error {
	party, err := s.store.Parties().Party(c.Request.Context(), c.Param("code"))
	if err != nil {
		return err
	}
	ties, err := s.store.Parties().Ties(c.Request.Context(), party.Code)
	if err != nil {
		return err
	}
	return s.partyForm(c, http.StatusOK, party.Version, party.Draft(ties), nil)
}

// submitParty serves POST /parties/new and POST /parties/:code/edit.
func (s partyPages) submitParty(c *gin.Context) error {
	var draft models.PartyDraft
	if err := decode(c, &draft); err != nil {
		return err
	}
	version, _ := strconv.Atoi(c.PostForm("version"))
	if code := c.Param("code"); code != "" {
		draft.Code = code
	} else {
		version = 0
	}
	if rows := strings.Fields(c.PostForm("do")); len(rows) > 1 {
		draft.Names = changeRow(draft.Names, rows[0], indexes(rows[2:]))
		return s.partyForm(c, http.StatusOK, version, draft, nil)
	}
	change, problems := s.change(c)
	if problems != nil {
		return s.partyForm(c, http.StatusUnprocessableEntity, version, draft, problems)
	}
	p := models.Proposal{Subject: "party", Action: "record"}
	if version > 0 {
		p = models.Proposal{Subject: "party", SubjectKey: draft.Code, Action: "revise", Base: version}
	}
	proposed, err := s.submit(c, p, draft, change, func(ctx context.Context) error {
		return s.store.Parties().RecordParty(ctx, version, draft, change)
	})
	if errors.As(err, &problems) {
		return s.partyForm(c, http.StatusUnprocessableEntity, version, draft, problems)
	}
	if err != nil {
		return err
	}
	return redirectAfterSave(c, proposed, "/parties/"+strings.ToUpper(strings.TrimSpace(draft.Code)))
}

// partyForm writes the form of a party.
func (s partyPages) partyForm(c *gin.Context, status, version int, draft models.PartyDraft,
	problems models.Invalid) error {
	v, err := s.view(c, tr(c, "parties.new"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	if len(draft.Names) == 0 {
		draft.Names = []models.NameDraft{{}}
	}
	return html(c, status, pages.PartyForm(v, version, draft, s.formActor(c), c.PostForm("comment"), problems))
}
