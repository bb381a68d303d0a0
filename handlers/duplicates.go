package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"chancery/frontend/pages"
	"chancery/models"
)

// listDuplicates serves GET /duplicates?operation=12.
func (s importPages) listDuplicates(c *gin.Context) error {
	operation, _ := strconv.ParseInt(c.Query("operation"), 10, 64)
	list, err := s.store.Bulk().LikelyPairs(c.Request.Context(), operation, mostPairs)
	if err != nil {
		return err
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, whole(list))
	}
	var codes []string
	for _, p := range list {
		codes = append(codes, strings.Split(p.First.Parties, ";")...)
	}
	v, err := s.view(c, tr(c, "duplicates.title"), codes)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, http.StatusOK, pages.Duplicates(v, list))
}

// pairAsked reads the two records of an address such as /duplicates/12-15.
func (s importPages) pairAsked(c *gin.Context) (pair [2]*models.Agreement, err error) {
	first, second, ok := strings.Cut(c.Param("pair"), "-")
	if !ok || first == second {
		return pair, models.ErrNotFound
	}
	for i, text := range []string{first, second} {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return pair, models.ErrNotFound
		}
		if pair[i], err = s.store.Agreement(c.Request.Context(), id); err != nil {
			return pair, err
		}
	}
	return pair, nil
}

// askMerge serves GET /duplicates/:pair: two records side by side.
func (s importPages) askMerge(c *gin.Context) error {
	pair, err := s.pairAsked(c)
	if err != nil {
		return err
	}
	return s.mergePage(c, http.StatusOK, pages.MergeView{Records: pair, Keep: min(pair[0].ID, pair[1].ID),
		Actor: s.formActor(c)})
}

// mergePage shows two records side by side.
func (s importPages) mergePage(c *gin.Context, status int, m pages.MergeView) error {
	ctx := c.Request.Context()
	var codes []string
	for i, a := range m.Records {
		revision, err := s.store.History().Revision(ctx, "agreement", fmt.Sprint(a.ID), a.Version)
		if err != nil {
			return err
		}
		if m.Drafts[i], err = revision.Draft(); err != nil {
			return err
		}
		documents, err := s.store.Documents().List(ctx, a.ID)
		if err != nil {
			return err
		}
		m.Documents[i] = len(documents)
		codes = append(codes, a.PartyCodes()...)
	}
	v, err := s.view(c, tr(c, "merge.title", "First", m.Records[0].ID, "Second", m.Records[1].ID), codes)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.Merge(v, m))
}

// merge serves POST /duplicates/:pair: one record of two.
func (s importPages) merge(c *gin.Context) error {
	ctx := c.Request.Context()
	pair, err := s.pairAsked(c)
	if err != nil {
		return err
	}
	change, problems := s.change(c)
	m := pages.MergeView{Records: pair, Actor: c.PostForm("actor"), Comment: c.PostForm("comment")}
	m.Keep, _ = strconv.ParseInt(c.PostForm("keep"), 10, 64)
	kept, away := 0, 1
	if pair[1].ID == m.Keep {
		kept, away = 1, 0
	} else if pair[0].ID != m.Keep {
		return models.ErrNotFound
	}
	if len(problems) > 0 {
		m.Problems = problems
		return s.mergePage(c, http.StatusUnprocessableEntity, m)
	}
	var drafts [2]models.AgreementDraft
	var versions [2]int
	for i, a := range pair {
		versions[i], _ = strconv.Atoi(c.PostForm(fmt.Sprintf("version.%d", i)))
		revision, err := s.store.History().Revision(ctx, "agreement", fmt.Sprint(a.ID), a.Version)
		if err != nil {
			return err
		}
		if drafts[i], err = revision.Draft(); err != nil {
			return err
		}
	}
	merged, err := models.MergedDraft(drafts[kept], drafts[away])
	if err != nil {
		return err
	}
	chooseValues(c, &merged, pair, drafts)
	operation, err := s.store.Bulk().Merge(ctx, map[int64]int{pair[kept].ID: versions[kept]},
		map[int64]int{pair[away].ID: versions[away]}, merged, change)
	if errors.As(err, &m.Problems) {
		return s.mergePage(c, http.StatusUnprocessableEntity, m)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/operations/%d", operation))
	return nil
}

// chooseValues puts the values that were chosen into what two records say together.
func chooseValues(c *gin.Context, merged *models.AgreementDraft, pair [2]*models.Agreement,
	drafts [2]models.AgreementDraft) {
	for i, a := range pair {
		chosen := func(name string) bool { return c.PostForm("field."+name) == fmt.Sprint(a.ID) }
		for _, f := range models.Fields {
			if chosen(f.Name) {
				*f.Draft(merged) = *f.Draft(&drafts[i])
			}
		}
		if chosen("validity") {
			merged.ValidityPeriods = slices.Clone(drafts[i].ValidityPeriods)
		}
	}
}

// distinguish serves POST /duplicates/:pair/distinct: they are two.
func (s importPages) distinguish(c *gin.Context) error {
	pair, err := s.pairAsked(c)
	if err != nil {
		return err
	}
	if err := s.store.Bulk().Distinguish(c.Request.Context(), pair[0].ID, pair[1].ID,
		principalOf(c).change(s.client(""), "")); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/duplicates")
	return nil
}
