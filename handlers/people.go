package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// listPeople serves GET /people.
func (s partyPages) listPeople(c *gin.Context) error {
	text := strings.TrimSpace(c.Query("text"))
	list, total, err := s.store.People().List(c.Request.Context(), text, c.Query("after"), models.PageSize+1)
	if err != nil {
		return err
	}
	next := ""
	if len(list) > models.PageSize {
		list = list[:models.PageSize]
		next = list[models.PageSize-1].Name
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, listed(c, total, list, next))
	}
	v, err := s.view(c, tr(c, "people.title"), nil, "json")
	if err != nil {
		return err
	}
	return html(c, http.StatusOK, pages.People(v, text, list, total, next))
}

// showPerson serves GET /people/:id.
func (s partyPages) showPerson(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	p, err := s.store.People().Person(c.Request.Context(), id)
	if err != nil {
		return err
	}
	list, err := s.store.People().Signings(c.Request.Context(), id)
	if err != nil {
		return err
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, personJSON{p, list})
	}
	var codes []string
	for _, signing := range list {
		codes = append(codes, signing.Party)
	}
	v, err := s.view(c, p.Name(), codes, "json")
	if err != nil {
		return err
	}
	return html(c, http.StatusOK, pages.Person(v, p, list))
}

// suggestPeople serves GET /people/suggest?q=…, the options of a field for a
// person.
func (s partyPages) suggestPeople(c *gin.Context) error {
	var options []pages.Suggestion
	if typed := strings.TrimSpace(c.Query("q")); typed != "" {
		list, _, err := s.store.People().List(c.Request.Context(), typed, "", 8)
		if err != nil {
			return err
		}
		for _, p := range list {
			options = append(options, pages.Suggestion{Value: p.Name, Text: p.Name})
		}
	}
	return html(c, http.StatusOK, pages.Suggestions(options))
}

// editPerson serves GET /people/:id/edit.
func (s partyPages) editPerson(c *gin.Context) error {
	p, err := s.person(c)
	if err != nil {
		return err
	}
	var names []models.NameDraft
	for _, n := range p.Names {
		names = append(names, models.NameDraft{Language: n.Language, Text: n.Text})
	}
	return s.personForm(c, http.StatusOK, p, p.Version, names, nil)
}

// person is the one whose number the address names.
func (s partyPages) person(c *gin.Context) (*models.Person, error) {
	id, err := number(c, "id")
	if err != nil {
		return nil, err
	}
	return s.store.People().Person(c.Request.Context(), id)
}

// submitPerson serves POST /people/:id/edit.
func (s partyPages) submitPerson(c *gin.Context) error {
	p, err := s.person(c)
	if err != nil {
		return err
	}
	var draft models.PersonDraft
	if err := decode(c, &draft); err != nil {
		return err
	}
	version, _ := strconv.Atoi(c.PostForm("version"))
	if rows := strings.Fields(c.PostForm("do")); len(rows) > 1 {
		return s.personForm(c, http.StatusOK, p, version, changeRow(draft.Names, rows[0], indexes(rows[2:])), nil)
	}
	change, problems := s.change(c)
	if problems != nil {
		return s.personForm(c, http.StatusUnprocessableEntity, p, version, draft.Names, problems)
	}
	proposed, err := s.submit(c, models.Proposal{Subject: "person", SubjectKey: fmt.Sprint(p.ID), Action: "revise",
		Base: version}, draft, change, func(ctx context.Context) error {
		return s.store.People().RevisePerson(ctx, p.ID, version, draft, change)
	})
	if errors.As(err, &problems) {
		return s.personForm(c, http.StatusUnprocessableEntity, p, version, draft.Names, problems)
	}
	if err != nil {
		return err
	}
	return redirectAfterSave(c, proposed, fmt.Sprintf("/people/%d", p.ID))
}

// personForm writes the form of a person's names.
func (s partyPages) personForm(c *gin.Context, status int, p *models.Person, version int, names []models.NameDraft,
	problems models.Invalid) error {
	v, err := s.view(c, tr(c, "person.edit"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	if len(names) == 0 {
		names = []models.NameDraft{{}}
	}
	return html(c, status, pages.PersonForm(v, p, version, names, s.formActor(c), c.PostForm("comment"), problems))
}
