package press

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"codeberg.org/readeck/go-readability/v2"
)

// A Page is a report as it was found on the web.
type Page struct {
	URL, Title, Publisher, Published, Text string
}

// String is the page as a report's text, what is known of it in lines before.
func (p Page) String() string {
	var b strings.Builder
	for _, line := range [][2]string{{"url", p.URL}, {"publisher", p.Publisher}, {"title", p.Title},
		{"date", p.Published}} {
		if value := strings.Join(strings.Fields(line[1]), " "); value != "" {
			fmt.Fprintf(&b, "%s: %s\n", line[0], value)
		}
	}
	return b.String() + "\n" + strings.TrimSpace(p.Text) + "\n"
}

// mostPage is how much of a page is fetched, in bytes.
const mostPage = 4 << 20

// Fetch gets a page by a client, which decides where it may lead, and takes the
// report out of it.
func Fetch(ctx context.Context, client *http.Client, address string) (Page, error) {
	at, err := url.Parse(address)
	if err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" {
		return Page{}, errors.New("this is not an address of the web, as https://…")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return Page{}, err
	}
	request.Header.Set("User-Agent", "Chancery")
	request.Header.Set("Accept", "text/html, text/plain;q=0.9")
	response, err := client.Do(request)
	if err != nil {
		return Page{}, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return Page{}, fmt.Errorf("the page answers with %s", response.Status)
	}
	body := io.LimitReader(response.Body, mostPage)
	page := Page{URL: address}
	switch mediaType, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")); mediaType {
	case "text/plain":
		text, err := io.ReadAll(body)
		page.Text = strings.ToValidUTF8(string(text), "\uFFFD")
		return page, err
	case "text/html", "application/xhtml+xml":
		return fromHTML(body, response.Request.URL, page)
	default:
		return Page{}, fmt.Errorf("the page is %s, not text", mediaType)
	}
}

// fromHTML reads a page's title, day and text.
func fromHTML(body io.Reader, at *url.URL, page Page) (Page, error) {
	article, err := readability.FromReader(body, at)
	if err != nil {
		return page, fmt.Errorf("taking the report out of the page: %w", err)
	}
	page.Title, page.Publisher = article.Title(), article.SiteName()
	if published, err := article.PublishedTime(); err == nil {
		page.Published = published.Format(time.DateOnly)
	}
	if article.Node == nil {
		return page, errors.New("no report was found on the page")
	}
	var text strings.Builder
	if err := article.RenderText(&text); err != nil {
		return page, fmt.Errorf("taking the report out of the page: %w", err)
	}
	if page.Text = text.String(); strings.TrimSpace(page.Text) == "" {
		return page, errors.New("no report was found on the page")
	}
	return page, nil
}
