package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"chancery/exchange"
	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// busiestPairs is how many pairs the page of pairs shows.
const busiestPairs = 50

// findPair serves GET /pairs?a=…&b=…: it leads to the pair of two parties, found by
// any name.
func (s readingPages) findPair(c *gin.Context) error {
	ctx := c.Request.Context()
	typedA, typedB := strings.TrimSpace(c.Query("a")), strings.TrimSpace(c.Query("b"))
	problems := models.Invalid{}
	if typedA != "" || typedB != "" {
		pair, err := s.pairTyped(c, typedA, typedB, problems)
		if err != nil {
			return err
		}
		if len(problems) == 0 {
			redirect(c, http.StatusSeeOther, s.bareView(c, "").To("/pairs/"+pair[0]+"-"+pair[1]))
			return nil
		}
		if format(c) != "html" {
			return problems
		}
	}
	if tabular(c) {
		return s.panel(c, exchange.PairYearsTable, false)
	}
	reading, err := s.reading(c)
	if err != nil && format(c) != "html" {
		return err
	}
	list, err := s.store.Statistics().Pairs(ctx, reading, busiestPairs)
	if err != nil {
		return err
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, whole(list))
	}
	var codes []string
	for _, p := range list {
		a, b, _ := strings.Cut(p.Pair, "-")
		codes = append(codes, a, b)
	}
	v, err := s.view(c, tr(c, "pairs.title"), codes, "json", "csv")
	if err != nil {
		return err
	}
	status := http.StatusOK
	if len(problems) > 0 {
		status = http.StatusBadRequest
	}
	return html(c, status, pages.Pairs(v, problems, typedA, typedB, list))
}

// pairTyped finds two parties by any name, and notes what is wrong with them.
func (s readingPages) pairTyped(c *gin.Context, typedA, typedB string, problems models.Invalid) (pair [2]string,
	err error) {
	a, err := s.partyTyped(c, typedA, "a", problems)
	if err != nil {
		return pair, err
	}
	b, err := s.partyTyped(c, typedB, "b", problems)
	if err != nil {
		return pair, err
	}
	if a != "" && a == b {
		problems["b"] = models.Problem{Code: "same_party"}
	}
	return models.PairOf(a, b), nil
}

// panel serves GET /pairs.csv and GET /parties.csv: the agreements of a filter by
// pair, or by party, and year.
func (s readingPages) panel(c *gin.Context, table exchange.Table, alone bool) error {
	f, err := models.ParseFilter(query(c), s.today(), "lang", "exact", "bom", "system")
	if err != nil {
		return err
	}
	system := c.Query("system")
	if system != "" && !slices.Contains(models.Systems, system) {
		return models.Invalid{"system": {Code: "choice", Args: map[string]string{"value": system,
			"choices": strings.Join(models.Systems, ", ")}}}
	}
	if err := s.prepared.affordable(c, f); err != nil {
		return err
	}
	return s.csv(c, table, func() error {
		return exchange.WritePanel(c.Writer, s.store.Statistics().Panel(c.Request.Context(), f, system, alone), alone, csvOptions(c))
	})
}

// partyTyped finds a party, or notes under the field why not.
func (s readingPages) partyTyped(c *gin.Context, typed, field string, problems models.Invalid) (string, error) {
	if typed == "" {
		problems[field] = models.Problem{Code: "required"}
		return "", nil
	}
	code, err := s.store.Parties().FindParty(c.Request.Context(), typed)
	var invalid models.Invalid
	if errors.As(err, &invalid) {
		problems[field] = invalid["party"]
		return "", nil
	}
	return code, err
}

// betweenNames parts the two names of a pair that were typed in one box.
var betweenNames = regexp.MustCompile(`\s+[–—-]\s+|–|,|;| and | und | и `)

// named is the query with codes in place of the names of parties that were typed
// there: party=Belarus, pair=Belarus, Russia. The error is a models.Invalid.
func (s readingPages) named(c *gin.Context) (url.Values, error) {
	q, problems := query(c), models.Invalid{}
	for i, typed := range q["party"] {
		if typed != strings.ToUpper(typed) {
			code, err := s.partyTyped(c, typed, "party", problems)
			if err != nil {
				return nil, err
			}
			q["party"][i] = code
		}
	}
	if names := betweenNames.Split(q.Get("pair"), -1); len(names) == 2 {
		var codes [2]string
		for i, name := range names {
			code, err := s.partyTyped(c, strings.TrimSpace(name), "pair", problems)
			if err != nil {
				return nil, err
			}
			codes[i] = code
		}
		q.Set("pair", codes[0]+"-"+codes[1])
	}
	if len(problems) > 0 {
		return q, problems
	}
	return q, nil
}

// filtered reads the filter of a page that takes names of parties.
func (s readingPages) filtered(c *gin.Context, also ...string) (models.Filter, error) {
	q, err := s.named(c)
	if err != nil {
		return models.Filter{On: s.today(), Limit: models.PageSize}, err
	}
	return models.ParseFilter(q, s.today(), also...)
}

// showPair serves GET /pairs/:pair; an address by another order, case or alpha-3
// codes leads to the canonical one.
func (s readingPages) showPair(c *gin.Context) error {
	typedA, typedB, ok := strings.Cut(c.Param("pair"), "-")
	if !ok {
		return models.ErrNotFound
	}
	canonical, err := s.store.Parties().CanonicalPair(c.Request.Context(), typedA, typedB)
	if err != nil {
		return err
	}
	if !canonical {
		return s.leadToPair(c, typedA, typedB)
	}
	f, err := models.ParseFilter(query(c), s.today(), listParameters...)
	f.Pair = [2]string{typedA, typedB}
	return s.agreementPages().respondWithAgreements(c, f, err)
}

// leadToPair redirects to the canonical address of a pair that was named in another
// way.
func (s readingPages) leadToPair(c *gin.Context, typed ...string) error {
	codes := make([]string, len(typed))
	for i, name := range typed {
		code, err := s.store.Parties().FindParty(c.Request.Context(), name)
		var invalid models.Invalid
		if errors.As(err, &invalid) {
			return models.ErrNotFound
		}
		if err != nil {
			return err
		}
		codes[i] = code
	}
	if codes[0] == codes[1] {
		return models.ErrNotFound
	}
	pair := models.PairOf(codes[0], codes[1])
	address := "/pairs/" + pair[0] + "-" + pair[1]
	if f := format(c); f != "html" {
		address += "." + f
	}
	if q := c.Request.URL.RawQuery; q != "" {
		address += "?" + q
	}
	c.Writer.Header().Del("ETag")
	c.Redirect(http.StatusMovedPermanently, address)
	return nil
}

// respondWithPair shows the agreements of a pair, with what its parties continue.
func (s agreementPages) respondWithPair(c *gin.Context, status int, l pages.ListView, codes []string,
	feed string) (err error) {
	ctx, f := c.Request.Context(), l.Filter
	for i, code := range f.Pair {
		if l.Lineage[i], err = s.store.Parties().Lineage(ctx, code); err != nil {
			return err
		}
		codes = append(codes, l.Lineage[i]...)
	}
	if len(l.Lineage[0])+len(l.Lineage[1]) > 0 && l.Problems == nil && !f.Predecessors {
		if l.Continued, err = s.store.Lists().Continued(ctx, f, l.Lineage); err != nil {
			return err
		}
		with := f
		with.Predecessors, with.Limit = true, 1
		all, err := s.store.Lists().Agreements(ctx, with, lang(c))
		if err != nil {
			return err
		}
		l.OfPredecessors = all.Total - l.Page.Total
	}
	v, err := s.view(c, "", codes, "json", "csv")
	if err != nil {
		return err
	}
	v.Title, v.Feed = v.PairName(f.Pair[0], f.Pair[1]), feed
	if l.Narrowed {
		v.Query.Set("scope", f.Scope)
		c.Header("Content-Location", v.WithAll())
	}
	return html(c, status, pages.Pair(v, l))
}

// narrow has the page of a pair show its bilateral agreements, where there are any and
// nothing else was asked for.
func narrow(c *gin.Context, store *models.Store, l *pages.ListView) (err error) {
	if format(c) != "html" || !onlyPair(l.Filter, c.Request.URL.Query()) {
		return nil
	}
	if l.Counts, err = store.Statistics().Counts(c.Request.Context(), l.Filter); err != nil {
		return err
	}
	if l.Narrowed = l.Counts.ByScope["bilateral"] > 0; l.Narrowed {
		l.Filter.Scope, l.Counts = "bilateral", nil
	}
	return nil
}

// onlyPair tells that a pair is asked for and nothing else: its bilateral agreements
// come first then.
func onlyPair(f models.Filter, q url.Values) bool {
	if f.Pair[0] == "" {
		return false
	}
	for name := range q {
		if !slices.Contains([]string{"pair", "on", "recorded", "lang", "predecessors", "a", "b"}, name) {
			return false
		}
	}
	return true
}
