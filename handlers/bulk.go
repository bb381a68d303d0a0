package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"chancery/frontend/components"
	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// mostPairs is how many likely duplicates a page lists, mostAtOnce how many records one edit changes.
const (
	mostPairs  = 100
	mostAtOnce = models.MaxPageSize
)

// listDuplicates serves GET /duplicates?operation=12.
func (s *Server) listDuplicates(c *gin.Context) error {
	operation, _ := strconv.ParseInt(c.Query("operation"), 10, 64)
	list, err := s.store.LikelyPairs(c.Request.Context(), operation, mostPairs)
	if err != nil {
		return err
	}
	if format(c) == "json" {
		return writeList(c, int64(len(list)), list, "")
	}
	var codes []string
	for _, p := range list {
		codes = append(codes, strings.Split(p.First.Parties, ";")...)
	}
	v, err := s.view(c, say(c, "duplicates.title"), codes)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, http.StatusOK, pages.Duplicates(v, list))
}

// pairAsked reads the two records of an address such as /duplicates/12-15.
func (s *Server) pairAsked(c *gin.Context) (pair [2]*models.Agreement, err error) {
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
func (s *Server) askMerge(c *gin.Context) error {
	pair, err := s.pairAsked(c)
	if err != nil {
		return err
	}
	return s.mergePage(c, http.StatusOK, pages.MergeView{Records: pair, Keep: min(pair[0].ID, pair[1].ID), Actor: s.formActor(c)})
}

func (s *Server) mergePage(c *gin.Context, status int, m pages.MergeView) error {
	ctx := c.Request.Context()
	var codes []string
	for i, a := range m.Records {
		revision, err := s.store.Revision(ctx, "agreement", fmt.Sprint(a.ID), a.Version)
		if err != nil {
			return err
		}
		if m.Drafts[i], err = revision.Draft(); err != nil {
			return err
		}
		documents, err := s.store.Documents(ctx, a.ID)
		if err != nil {
			return err
		}
		m.Documents[i] = len(documents)
		codes = append(codes, a.PartyCodes()...)
	}
	v, err := s.view(c, say(c, "merge.title", "First", m.Records[0].ID, "Second", m.Records[1].ID), codes)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.Merge(v, m))
}

// merge serves POST /duplicates/:pair: one record of two.
func (s *Server) merge(c *gin.Context) error {
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
		revision, err := s.store.Revision(ctx, "agreement", fmt.Sprint(a.ID), a.Version)
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
	operation, err := s.store.Merge(ctx, map[int64]int{pair[kept].ID: versions[kept]}, map[int64]int{pair[away].ID: versions[away]}, merged, change)
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
func chooseValues(c *gin.Context, merged *models.AgreementDraft, pair [2]*models.Agreement, drafts [2]models.AgreementDraft) {
	for name, take := range map[string]func(d models.AgreementDraft){
		"kind": func(d models.AgreementDraft) { merged.Kind = d.Kind }, "level": func(d models.AgreementDraft) { merged.Level = d.Level }, "binding": func(d models.AgreementDraft) { merged.Binding = d.Binding },
		"signed": func(d models.AgreementDraft) { merged.Signed = d.Signed }, "place": func(d models.AgreementDraft) { merged.Place = d.Place },
		"entry_condition": func(d models.AgreementDraft) { merged.EntryCondition = d.EntryCondition }, "depositary": func(d models.AgreementDraft) { merged.Depositary = d.Depositary },
		"authentic_languages": func(d models.AgreementDraft) { merged.AuthenticLanguages = d.AuthenticLanguages }, "summary": func(d models.AgreementDraft) { merged.Summary = d.Summary },
		"validity": func(d models.AgreementDraft) { merged.ValidityPeriods = slices.Clone(d.ValidityPeriods) },
	} {
		for i, a := range pair {
			if c.PostForm("field."+name) == fmt.Sprint(a.ID) {
				take(drafts[i])
			}
		}
	}
}

// distinguish serves POST /duplicates/:pair/distinct: they are two.
func (s *Server) distinguish(c *gin.Context) error {
	pair, err := s.pairAsked(c)
	if err != nil {
		return err
	}
	if err := s.store.Distinguish(c.Request.Context(), pair[0].ID, pair[1].ID, who(c).change(s.client(""), "")); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/duplicates")
	return nil
}

// askBulk serves GET /agreements/bulk with a list's filter; submitBulk POST of the same address shows what an edit would
// change, then makes it.
func (s *Server) askBulk(c *gin.Context) error {
	return s.bulkPage(c, http.StatusOK, pages.BulkView{Actor: s.formActor(c)})
}

func (s *Server) bulkPage(c *gin.Context, status int, b pages.BulkView) error {
	q := query(c)
	f, err := models.ParseFilter(q, s.today(), "lang")
	if err != nil {
		return err
	}
	f.Limit = mostAtOnce
	page, err := s.store.Agreements(c.Request.Context(), f, lang(c))
	if err != nil {
		return err
	}
	b.Total, b.Entries, b.Query = page.Total, page.Items, q.Encode()
	v, err := s.view(c, say(c, "bulk.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.Bulk(v, b))
}

func (s *Server) submitBulk(c *gin.Context) error {
	ctx := c.Request.Context()
	b := pages.BulkView{Edit: models.Edit{Field: c.PostForm("field"), Value: strings.TrimSpace(c.PostForm("value"))}, Actor: c.PostForm("actor"), Comment: c.PostForm("comment")}
	for _, text := range c.PostFormArray("id") {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && len(b.Chosen) < mostAtOnce {
			b.Chosen = append(b.Chosen, id)
		}
	}
	if len(b.Chosen) == 0 {
		b.Problems = models.Invalid{"id": {Code: "nothing_chosen"}}
		return s.bulkPage(c, http.StatusUnprocessableEntity, b)
	}
	var err error
	b.Edited, err = s.store.PreviewEdit(ctx, b.Chosen, b.Edit)
	if errors.As(err, &b.Problems) {
		return s.bulkPage(c, http.StatusUnprocessableEntity, b)
	}
	if err != nil {
		return err
	}
	b.Looked = true
	if c.PostForm("do") != "apply" {
		return s.bulkPage(c, http.StatusOK, b)
	}
	change, problems := s.change(c)
	if len(problems) > 0 {
		b.Problems = problems
		return s.bulkPage(c, http.StatusUnprocessableEntity, b)
	}
	versions := map[int64]int{}
	for _, seen := range c.PostFormArray("seen") {
		id, version, _ := strings.Cut(seen, ":")
		n, _ := strconv.ParseInt(id, 10, 64)
		versions[n], _ = strconv.Atoi(version)
	}
	title := fmt.Sprintf("%s: %s", say(c, "bulk.field."+b.Edit.Field), b.Edit.Value)
	operation, err := s.store.EditAll(ctx, versions, b.Edit, title, change)
	if errors.As(err, &b.Problems) {
		return s.bulkPage(c, http.StatusUnprocessableEntity, b)
	}
	if err != nil {
		return err
	}
	if operation == 0 {
		c.Redirect(http.StatusSeeOther, components.Address("/agreements", url.Values(query(c))))
		return nil
	}
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/operations/%d", operation))
	return nil
}

// shownDeliveries is how many of a webhook's deliveries its page shows.
const shownDeliveries = 100

// listWebhooks serves GET /admin/webhooks, makeWebhook POST of the same address.
func (s *Server) listWebhooks(c *gin.Context) error {
	return s.webhooksPage(c, http.StatusOK, "", models.WebhookEvents, nil)
}

func (s *Server) webhooksPage(c *gin.Context, status int, address string, events []string, problems models.Invalid) error {
	list, err := s.store.Webhooks(c.Request.Context())
	if err != nil {
		return err
	}
	v, err := s.view(c, say(c, "webhooks.title"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.Webhooks(v, list, address, events, problems))
}

func (s *Server) makeWebhook(c *gin.Context) error {
	address, events := strings.TrimSpace(c.PostForm("url")), c.PostFormArray("events")
	w, err := s.store.MakeWebhook(c.Request.Context(), address, events, who(c).change("", ""))
	var problems models.Invalid
	if errors.As(err, &problems) {
		return s.webhooksPage(c, http.StatusUnprocessableEntity, address, events, problems)
	}
	if err != nil {
		return err
	}
	return s.webhookPage(c, w.ID, w.Secret)
}

// showWebhook serves GET /admin/webhooks/:id.
func (s *Server) showWebhook(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	return s.webhookPage(c, id, "")
}

func (s *Server) webhookPage(c *gin.Context, id int64, secret string) error {
	w, list, err := s.store.Webhook(c.Request.Context(), id, shownDeliveries)
	if err != nil {
		return err
	}
	v, err := s.view(c, w.URL, nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, http.StatusOK, pages.OneWebhook(v, w, list, secret))
}

// changeWebhook serves POST /admin/webhooks/:id: do is on, off or remove; again is the number of a delivery.
func (s *Server) changeWebhook(c *gin.Context) error {
	ctx := c.Request.Context()
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	change, to := who(c).change("", ""), fmt.Sprintf("/admin/webhooks/%d", id)
	again, _ := strconv.ParseInt(c.PostForm("again"), 10, 64)
	switch do := c.PostForm("do"); {
	case again > 0:
		err = s.store.Redeliver(ctx, id, again, change)
	case do == "remove":
		err, to = s.store.RemoveWebhook(ctx, id, change), "/admin/webhooks"
	default:
		err = s.store.SetWebhook(ctx, id, do == "on", change)
	}
	if err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, to)
	return nil
}
