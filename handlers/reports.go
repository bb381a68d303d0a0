package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"chancery/frontend/pages"
	"chancery/models"
	"chancery/models/edtf"
	"chancery/press"

	"github.com/gin-gonic/gin"
)

// namesKept is for how long the names of parties are taken as read.
const namesKept = time.Minute

// reader reads press reports by the names of the register's parties; it is made
// anew when those change.
func (s agreementPages) reader(ctx context.Context) (*press.Reader, error) {
	p := &s.press
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reader != nil && time.Since(p.at) < namesKept {
		return p.reader, nil
	}
	names, err := s.store.Parties().EveryPartyName(ctx)
	if err != nil {
		return nil, err
	}
	if p.reader == nil || !slices.Equal(names, p.names) {
		p.reader, p.names = press.New(names), names
	}
	p.at = time.Now()
	return p.reader, nil
}

// A draftRequest is the body of POST /drafts.
type draftRequest struct {
	Text      string `json:"text"`
	URL       string `json:"url"`
	Published string `json:"published"`
}

// readDraftOf serves POST /drafts: a press report as JSON ({text, url, published})
// or as plain text; the answer is what it says was signed. Nothing is kept.
func (s agreementPages) readDraftOf(c *gin.Context) error {
	ctx := c.Request.Context()
	var ask draftRequest
	mediaType, _, _ := mime.ParseMediaType(c.GetHeader("Content-Type"))
	switch mediaType {
	case "text/plain":
		text, err := io.ReadAll(c.Request.Body)
		if err != nil {
			return received(err)
		}
		ask.Text = string(text)
		ask.Published = c.Query("published")
	case "application/json":
		decoder := json.NewDecoder(c.Request.Body)
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&ask); err != nil {
			return received(err)
		}
	default:
		return errMediaType
	}
	r := &pages.ReportView{Text: ask.Text, URL: ask.URL, Published: ask.Published}
	if err := s.complete(ctx, r); err != nil {
		return err
	}
	draft, second, err := s.readReport(ctx, r)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, draftJSON{draft, second})
}

// complete fetches the report where only its address is given, and checks what is
// given.
func (s agreementPages) complete(ctx context.Context, r *pages.ReportView) error {
	r.Text = bounded(withoutNUL(r.Text))
	if r.Published != "" {
		if d, err := edtf.ParseDate(r.Published); err != nil || d.Interval {
			return models.Invalid{"report_published": {Code: "date_form", Args: map[string]string{"value": r.Published}}}
		}
	}
	if strings.TrimSpace(r.Text) != "" {
		return nil
	}
	if r.URL == "" {
		return models.Invalid{"text": {Code: "required"}}
	}
	if s.config.Reports.Fetch == nil {
		return models.Invalid{"report_url": {Code: "report_nofetch"}}
	}
	page, err := s.config.Reports.Fetch(ctx, r.URL)
	if err != nil {
		s.config.Log.Warn("a report could not be fetched", "url", r.URL, "error", err)
		return models.Invalid{"report_url": {Code: "report_fetch",
			Args: map[string]string{"why": firstBytes(err.Error(), 160)}}}
	}
	r.Text = bounded(page.String())
	return nil
}

// bounded is as much of a text as is read, and a little more by which the reader
// knows that it was longer.
func bounded(text string) string {
	if len(text) > press.Most {
		text = strings.ToValidUTF8(text[:min(len(text), press.Most+4)], "") + "…"
	}
	return text
}

// readReport reads by rules, and by the endpoint as well where one is configured.
func (s agreementPages) readReport(ctx context.Context, r *pages.ReportView) (press.Draft, *press.Draft, error) {
	reader, err := s.reader(ctx)
	if err != nil {
		return press.Draft{}, nil, err
	}
	draft := reader.Read(press.Report{Text: r.Text, Published: r.Published})
	if r.URL != "" {
		draft.URL = r.URL
	}
	if s.config.Reports.Endpoint == nil {
		return draft, nil, nil
	}
	second, err := s.config.Reports.Endpoint.Read(ctx, r.Text, r.Published)
	if err != nil {
		s.config.Log.Warn("the second reader could not read a report", "error", err)
		r.Model = firstBytes(err.Error(), 160)
		return draft, nil, nil
	}
	return draft, &second, nil
}

// askReport serves POST /agreements/new with a report as multipart form: it gives
// the form back filled in.
func (s agreementPages) askReport(c *gin.Context) error {
	r := &pages.ReportView{}
	f := pages.FormView{Key: newKey(), Actor: s.config.Actor}
	err := s.receiveReport(c, r)
	if err == nil {
		err = s.complete(c.Request.Context(), r)
	}
	if errors.As(err, &f.Problems) {
		return s.agreementForm(c, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	f.Report = r
	return s.fillFrom(c, f, 0)
}

// receiveReport reads the parts of the form: text, file, report_url,
// report_published.
func (s agreementPages) receiveReport(c *gin.Context, r *pages.ReportView) error {
	folder, err := os.MkdirTemp("", "chancery-report-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return errMediaType
	}
	for range 10 {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return received(err)
		}
		if part.FileName() != "" {
			if r.Text, err = s.reportFile(c.Request.Context(), part, folder, r.Text); err != nil {
				return err
			}
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, maxBody))
		if err != nil {
			return received(err)
		}
		switch text := string(value); part.FormName() {
		case "text":
			if strings.TrimSpace(text) != "" {
				r.Text = strings.ReplaceAll(text, "\r\n", "\n")
			}
		case "report_url":
			r.URL = strings.TrimSpace(text)
		case "report_published":
			r.Published = strings.TrimSpace(text)
		}
	}
	return nil
}

// reportFile is what a file says; a text that was typed goes before it.
func (s agreementPages) reportFile(ctx context.Context, part io.Reader, folder, typed string) (string, error) {
	if s.config.Files == nil {
		text, err := io.ReadAll(part)
		return string(text), err
	}
	up := &upload{}
	if err := s.receiveFile(part, up, filepath.Join(folder, "file")); err != nil {
		return "", err
	}
	if up.MediaType == "text/plain" { // with its lines, which a document's words are without
		content, err := os.ReadFile(up.path)
		if err != nil {
			return "", err
		}
		if typed == "" {
			typed = strings.ReplaceAll(strings.ToValidUTF8(string(content), "\uFFFD"), "\r\n", "\n")
		}
		return typed, nil
	}
	words, err := s.wordsIn(ctx, up)
	if err != nil {
		return "", err
	}
	if words == "" {
		return "", models.Invalid{"file": {Code: "report_words"}}
	}
	if typed == "" {
		typed = words
	}
	return typed, nil
}
