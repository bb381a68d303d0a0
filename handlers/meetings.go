package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"chancery/frontend/locales"
	"chancery/frontend/pages"
	"chancery/models"

	"github.com/gin-gonic/gin"
)

// listMeetings serves GET /meetings.
func (s partyPages) listMeetings(c *gin.Context) error {
	after, _ := strconv.ParseInt(c.Query("after"), 10, 64)
	text := strings.TrimSpace(c.Query("text"))
	list, total, err := s.store.Meetings().List(c.Request.Context(), text, after, models.PageSize+1)
	if err != nil {
		return err
	}
	next := ""
	if len(list) > models.PageSize {
		list = list[:models.PageSize]
		next = fmt.Sprint(list[models.PageSize-1].ID)
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, listed(c, total, list, next))
	}
	v, err := s.view(c, tr(c, "meetings.title"), nil, "json")
	if err != nil {
		return err
	}
	return html(c, http.StatusOK, pages.Meetings(v, text, list, total, next))
}

// showMeeting serves GET /meetings/:id.
func (s partyPages) showMeeting(c *gin.Context) error {
	ctx := c.Request.Context()
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	m, err := s.store.Meetings().Meeting(ctx, id)
	if err != nil {
		return err
	}
	reading, err := s.reading(c)
	if err != nil {
		return err
	}
	reading.Meeting, reading.Limit = id, 200
	page, err := s.store.Lists().Agreements(ctx, reading, lang(c))
	if err != nil {
		return err
	}
	if format(c) == "json" {
		return writeJSON(c, http.StatusOK, meetingJSON{m, page.Items})
	}
	codes := append(codesOf(page.Items), string(m.Host))
	for _, p := range m.Participants {
		codes = append(codes, string(p.Party))
	}
	v, err := s.view(c, m.Title, codes, "json")
	if err != nil {
		return err
	}
	var related *models.Meeting
	if m.RelatedID != nil {
		if related, err = s.store.Meetings().Meeting(ctx, *m.RelatedID); err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
	}
	return html(c, http.StatusOK, pages.Meeting(v, m, related, page.Items))
}

// suggestMeetings serves GET /meetings/suggest?q=…, the options of a field for a
// meeting.
func (s partyPages) suggestMeetings(c *gin.Context) error {
	list, _, err := s.store.Meetings().List(c.Request.Context(), c.Query("q"), 0, 8)
	if err != nil {
		return err
	}
	options := make([]pages.Suggestion, len(list))
	for i, m := range list {
		options[i] = pages.Suggestion{Value: fmt.Sprintf("%d · %s", m.ID, m.Title), Text: m.Title,
			More: m.Place + " " + locales.In(c.Request.Context()).Date(m.HeldDate())}
	}
	return html(c, http.StatusOK, pages.Suggestions(options))
}

// newMeeting serves GET /meetings/new.
func (s partyPages) newMeeting(c *gin.Context) error {
	return s.meetingForm(c, http.StatusOK, 0, models.MeetingDraft{Kind: "meeting"}, nil)
}

// editMeeting serves GET /meetings/:id/edit.
func (s partyPages) editMeeting(c *gin.Context) error {
	id, err := number(c, "id")
	if err != nil {
		return err
	}
	m, err := s.store.Meetings().Meeting(c.Request.Context(), id)
	if err != nil {
		return err
	}
	return s.meetingForm(c, http.StatusOK, m.Version, m.Draft(), nil)
}

// submitMeeting serves POST /meetings/new and POST /meetings/:id/edit.
func (s partyPages) submitMeeting(c *gin.Context) error {
	var draft models.MeetingDraft
	if err := decode(c, &draft); err != nil {
		return err
	}
	version, _ := strconv.Atoi(c.PostForm("version"))
	change, problems := s.change(c)
	if problems != nil {
		return s.meetingForm(c, http.StatusUnprocessableEntity, version, draft, problems)
	}
	var id int64
	p := models.Proposal{Subject: "meeting", Action: "record"}
	if c.Param("id") != "" {
		var err error
		if id, err = number(c, "id"); err != nil {
			return err
		}
		p = models.Proposal{Subject: "meeting", SubjectKey: fmt.Sprint(id), Action: "revise", Base: version}
	}
	proposed, err := s.submit(c, p, draft, change, func(ctx context.Context) (err error) {
		if p.SubjectKey == "" {
			id, err = s.store.Meetings().RecordMeeting(ctx, draft, change)
			return err
		}
		return s.store.Meetings().ReviseMeeting(ctx, id, version, draft, change)
	})
	if errors.As(err, &problems) {
		return s.meetingForm(c, http.StatusUnprocessableEntity, version, draft, problems)
	}
	if err != nil {
		return err
	}
	return redirectAfterSave(c, proposed, fmt.Sprintf("/meetings/%d", id))
}

// meetingForm writes the form of a meeting.
func (s partyPages) meetingForm(c *gin.Context, status, version int, draft models.MeetingDraft,
	problems models.Invalid) error {
	v, err := s.view(c, tr(c, "meetings.new"), nil)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	return html(c, status, pages.MeetingForm(v, version, draft, s.formActor(c), c.PostForm("comment"), problems))
}
