package handlers

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"chancery/exchange"
	"chancery/frontend/components"
	"chancery/frontend/locales"
	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// drawing answers with a figure as a file, if that is what is asked for.
func (s readingPages) drawing(c *gin.Context, f components.Figure) (bool, error) {
	switch format(c) {
	case "svg":
		c.Header("Content-Type", "image/svg+xml; charset=utf-8")
		c.Status(http.StatusOK)
		return true, components.SVG(f).Render(c.Request.Context(), c.Writer)
	case "png":
		c.Header("Content-Type", "image/png")
		c.Status(http.StatusOK)
		return true, components.WritePNG(c.Writer, f)
	}
	return false, nil
}

// showYears serves GET /years: what was signed, came into force and ended by year,
// under any filter.
func (s readingPages) showYears(c *gin.Context) error {
	ctx := c.Request.Context()
	f, err := models.ParseFilter(query(c), s.today(), "lang", "exact", "bom")
	if err != nil {
		return err
	}
	years, err := s.store.Statistics().Years(ctx, f)
	if err != nil {
		return err
	}
	switch format(c) {
	case "csv", "csvw":
		return s.csv(c, exchange.YearsTable, func() error {
			return exchange.YearsTable.Write(c.Writer, csvOptions(c), exchange.Rows(years, func(y models.YearCount) []string {
				return []string{strconv.Itoa(y.Year), strconv.Itoa(y.Signed), strconv.Itoa(y.Entered), strconv.Itoa(y.Ended),
					strconv.Itoa(y.InForce)}
			}))
		})
	case "json":
		return writeJSON(c, http.StatusOK, whole(years))
	}
	l, v, err := s.pictured(c, f, tr(c, "years.title"))
	if err != nil {
		return err
	}
	figure := components.YearsFigure(locales.In(ctx), v, years, "/agreements")
	if done, err := s.drawing(c, figure); done {
		return err
	}
	return html(c, http.StatusOK, pages.Figure(v, l, figure, tr(c, "years.lede"), len(years) > 0))
}

// pictured gathers what a picture's page says of its filter.
func (s readingPages) pictured(c *gin.Context, f models.Filter, title string, codes ...string) (pages.ListView,
	*components.View, error) {
	l := pages.ListView{Filter: f}
	page := f
	page.Limit = 1
	var err error
	if l.Page, err = s.store.Lists().Agreements(c.Request.Context(), page, lang(c)); err != nil {
		return l, nil, err
	}
	v, err := s.view(c, title, slices.Concat(codes, f.Parties, f.Pair[:]), "json", "csv", "svg", "png")
	return l, v, err
}

// mostMatrix is how many parties a matrix or network shows.
const mostMatrix = 60

// groupOf reads the parties of a picture: a continent, an organisation's members on
// the day, the most active, or codes. left tells how many were left out.
func (s readingPages) groupOf(c *gin.Context, f models.Filter) (codes []string, left int, err error) {
	ctx := c.Request.Context()
	switch group := c.Query("group"); {
	case c.Query("codes") != "":
		for code := range strings.SplitSeq(strings.ToUpper(c.Query("codes")), ",") {
			found, err := s.store.Parties().FindParty(ctx, strings.TrimSpace(code))
			if err != nil {
				return nil, 0, err
			}
			codes = append(codes, found)
		}
		slices.Sort(codes)
		codes = slices.Compact(codes)
	case group == "" || group == "active":
		codes, err = s.store.Statistics().ActiveParties(ctx, f, 30)
	case models.Continents[group] != "":
		all, e := s.store.Statistics().ActiveParties(ctx, f, 1000)
		codes, err = slices.DeleteFunc(all, func(code string) bool { return models.ContinentOf(code) != group }), e
	default:
		if codes, err = s.store.Parties().Members(ctx, strings.ToUpper(group), f.On); err == nil && len(codes) == 0 {
			return nil, 0, models.Invalid{"group": {Code: "unknown_group", Args: map[string]string{"value": group}}}
		}
	}
	if err != nil || len(codes) <= mostMatrix {
		return codes, 0, err
	}
	active, err := s.store.Statistics().ActiveParties(ctx, f, 1000)
	rank := map[string]int{}
	for i, code := range active {
		rank[code] = len(active) - i
	}
	slices.SortStableFunc(codes, func(a, b string) int { return rank[b] - rank[a] })
	return codes[:mostMatrix], len(codes) - mostMatrix, err
}

// notOneOf says that a parameter is none of a closed list.
func notOneOf(name, value string, of []string) error {
	return models.Invalid{name: {Code: "choice", Args: map[string]string{"value": value, "choices": strings.Join(of, ", ")}}}
}

// showMatrix serves GET /pairs/matrix?group=CIS: the agreements of every two
// parties of a group.
func (s readingPages) showMatrix(c *gin.Context) error {
	order := c.DefaultQuery("order", components.MatrixOrders[0])
	if !slices.Contains(components.MatrixOrders, order) {
		return notOneOf("order", order, components.MatrixOrders)
	}
	return s.between(c, tr(c, "matrix.title"), func(v *components.View, m *models.Matrix,
		measure string) components.Figure {
		return components.MatrixFigure(locales.In(c.Request.Context()), v, m, measure, order)
	})
}

// showNetwork serves GET /network?group=CIS: parties of a group as nodes, their
// agreements in force as ties.
func (s readingPages) showNetwork(c *gin.Context) error {
	return s.between(c, tr(c, "network.title"), func(v *components.View, m *models.Matrix, _ string) components.Figure {
		return components.NetworkFigure(locales.In(c.Request.Context()), v, m)
	})
}

// between answers with a picture of the agreements between the parties of a group.
func (s readingPages) between(c *gin.Context, title string, draw func(*components.View, *models.Matrix,
	string) components.Figure) error {
	ctx := c.Request.Context()
	f, err := models.ParseFilter(query(c), s.today(), "lang", "exact", "bom", "group", "measure", "codes", "order")
	if err != nil {
		return err
	}
	narrowed := format(c) == "html" && c.FullPath() == "/pairs/matrix" && c.Query("scope") == ""
	if narrowed { // what binds only two tells more of a pair than what binds all
		f.Scope = "bilateral"
	}
	measure := c.DefaultQuery("measure", "in-force")
	if !slices.Contains(models.Measures, measure) {
		return notOneOf("measure", measure, models.Measures)
	}
	codes, left, err := s.groupOf(c, f)
	if err != nil {
		return err
	}
	m, err := s.store.Statistics().Matrix(ctx, f, codes, measure)
	if err != nil {
		return err
	}
	switch format(c) {
	case "csv", "csvw":
		return s.csv(c, exchange.PairsTable, func() error {
			return exchange.PairsTable.Write(c.Writer, csvOptions(c),
				exchange.PairRows(m))
		})
	case "json":
		return writeJSON(c, http.StatusOK, m)
	case "graphml":
		names, err := s.store.Parties().PartyNames(ctx, lang(c), codes)
		if err != nil {
			return err
		}
		c.Header("Content-Type", "application/graphml+xml")
		c.Header("Content-Disposition", `attachment; filename="network.graphml"`)
		return exchange.WriteGraphML(c.Writer, m, names)
	}
	organisations, err := s.store.Parties().Organisations(ctx)
	if err != nil {
		return err
	}
	l, v, err := s.pictured(c, f, title, append(organisations, codes...)...)
	if err != nil {
		return err
	}
	if narrowed {
		v.Query.Set("scope", f.Scope)
	}
	figure := draw(v, m, measure)
	if left > 0 {
		figure.Note = strings.TrimSpace(tr(c, "matrix.left", "Count", left) + " " + figure.Note)
	}
	if done, err := s.drawing(c, figure); done {
		return err
	}
	return html(c, http.StatusOK, pages.Between(v, l, figure, organisations, c.DefaultQuery("group", "active"), m, measure))
}

// showMap serves GET /map?party=BY: partners of a party shaded by their agreements
// in force with it, or without one all parties by theirs.
func (s readingPages) showMap(c *gin.Context) error {
	f, err := models.ParseFilter(query(c), s.today(), "lang", "exact", "bom")
	if err != nil {
		return err
	}
	counts, center, err := s.mapCounts(c, f)
	if err != nil {
		return err
	}
	codes := make([]string, 0, len(counts)+1)
	for code := range counts {
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(a, b))
	})
	title := tr(c, "map.title")
	l, v, err := s.pictured(c, f, title, append(codes, center)...)
	if err != nil {
		return err
	}
	switch format(c) {
	case "csv", "csvw":
		return s.csv(c, exchange.PartiesTable, func() error {
			return exchange.PartiesTable.Write(c.Writer, csvOptions(c), exchange.Rows(codes, func(code string) []string {
				return []string{code, v.Name(code), strconv.Itoa(counts[code])}
			}))
		})
	case "json":
		return writeJSON(c, http.StatusOK, mapJSON{center, counts})
	}
	figure := s.mapFigure(c, v, counts, center)
	if done, err := s.drawing(c, figure); done {
		return err
	}
	return html(c, http.StatusOK, pages.Map(v, l, figure, center, s.config.Map != nil))
}

// mapCounts are the numbers of a map, and the party in its middle, if there is one.
func (s readingPages) mapCounts(c *gin.Context, f models.Filter) (counts map[string]int, center string, err error) {
	if len(f.Parties) != 1 {
		counts, err = s.store.Statistics().Weights(c.Request.Context(), f)
		return counts, "", err
	}
	partners, err := s.store.Statistics().Partners(c.Request.Context(), f, 0)
	if err != nil {
		return nil, "", err
	}
	counts = map[string]int{}
	for _, p := range partners {
		if p.InForce > 0 {
			counts[p.Pair] = p.InForce
		}
	}
	center, err = s.store.Parties().FindParty(c.Request.Context(), f.Parties[0])
	return counts, center, err
}

// mapFigure draws the map of counts; each state leads to the agreements that are
// counted.
func (s readingPages) mapFigure(c *gin.Context, v *components.View, counts map[string]int,
	center string) components.Figure {
	title := tr(c, "map.all")
	link := func(code string) string { return v.To("/parties/" + code) }
	if center != "" {
		title = tr(c, "map.of", "Name", v.Name(center))
		link = func(code string) string {
			pair := models.PairOf(center, code)
			return v.To("/pairs/" + pair[0] + "-" + pair[1] + "?status=in-force")
		}
	}
	if s.config.Map == nil {
		return components.Figure{Name: "map", Title: title}
	}
	return components.MapFigure(locales.In(c.Request.Context()), v, s.config.Map, counts, center, title, link)
}
