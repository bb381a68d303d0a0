package models

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"chancery/models/edtf"

	"gorm.io/gorm"
)

// A Webhook is another program's address, which is told what happens. It gets what
// happens from when it was made on.
type Webhook struct {
	ID     int64     `json:"id"`
	URL    string    `json:"url"`
	Secret string    `json:"-"` // whsec_ and base64, as Standard Webhooks writes it
	Events string    `json:"events"`
	Active bool      `json:"active"`
	Place  int64     `json:"-"` // in the chain of revisions, up to which it was told
	Day    edtf.Day  `json:"-"` // up to which it was told of beginnings and ends
	MadeBy string    `json:"made_by"`
	MadeAt time.Time `json:"made_at"`
}

// WebhookEvents are what a webhook can be told of: a record is recorded, revised or
// withdrawn; an agreement's validity begins or ends.
var WebhookEvents = []string{"agreement.recorded", "agreement.revised", "agreement.withdrawn", "agreement.begins",
	"agreement.ends"}

// A Delivery is one message to a webhook, with how its last try went.
type Delivery struct {
	ID        int64      `json:"id"`
	WebhookID int64      `json:"webhook"`
	Message   string     `json:"message"`
	Event     string     `json:"event"`
	Payload   string     `json:"-"`
	MadeAt    time.Time  `json:"made_at"`
	State     string     `json:"state"` // waiting, delivered, failed
	Tries     int        `json:"tries"`
	NextAt    time.Time  `json:"next_at"`
	TriedAt   *time.Time `json:"tried_at"`
	Status    int        `json:"status"` // of the answer, 0 for none
	Answer    string     `json:"answer"` // its beginning, or why there was none
}

// A WebhookPayload is what a message says, as JSON.
type WebhookPayload struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      struct {
		Agreement int64    `json:"agreement"`
		Version   int      `json:"version,omitempty"`
		Title     string   `json:"title"`
		Address   string   `json:"address"`
		Day       edtf.Day `json:"day,omitempty"`
	} `json:"data"`
}

// MakeWebhook notes an address that is told of events from now on; it returns the
// secret that its messages are signed with.
func (s Webhooks) MakeWebhook(ctx context.Context, address string, events []string, change Change) (*Webhook, error) {
	problems := Invalid{}
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" ||
		u.User != nil {
		problems.add("url", "url", "value", address)
	}
	for _, e := range events {
		oneOf(e, WebhookEvents, "events", problems)
	}
	if len(events) == 0 {
		problems.add("events", "required")
	}
	if len(problems) > 0 {
		return nil, problems
	}
	key := make([]byte, 32)
	rand.Read(key)
	w := Webhook{URL: address, Secret: "whsec_" + base64.StdEncoding.EncodeToString(key),
		Events: strings.Join(events, " "), Active: true, MadeBy: change.Actor,
		MadeAt: s.Now().UTC().Truncate(time.Millisecond), Day: edtf.Today(s.Now())}
	err := s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		if err := tx.Raw("SELECT length FROM register").Scan(&w.Place).Error; err != nil {
			return err
		}
		if err := tx.Create(&w).Error; err != nil {
			return err
		}
		return s.Accounts().note(tx, change, AuditSetting, "webhook "+address)
	})
	if err != nil {
		return nil, fmt.Errorf("making a webhook: %w", err)
	}
	return &w, nil
}

// List gives all of them.
func (s Webhooks) List(ctx context.Context) (list []Webhook, err error) {
	if err = s.reader(ctx).Order("id").Limit(200).Find(&list).Error; err != nil {
		return nil, fmt.Errorf("listing webhooks: %w", err)
	}
	return list, nil
}

// Webhook reads one with its newest deliveries.
func (s Webhooks) Webhook(ctx context.Context, id int64, deliveries int) (*Webhook, []Delivery, error) {
	var found []Webhook
	var list []Delivery
	tx := s.reader(ctx)
	err := tx.Where("id = ?", id).Find(&found).Error
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err == nil {
		err = tx.Where("webhook_id = ?", id).Order("id DESC").Limit(deliveries).Find(&list).Error
	}
	if err != nil {
		return nil, nil, fmt.Errorf("reading webhook %d: %w", id, err)
	}
	return &found[0], list, nil
}

// SetWebhook turns one on or off. What happens while it is off it is told of when
// it is on again.
func (s Webhooks) SetWebhook(ctx context.Context, id int64, active bool, change Change) error {
	return s.changeWebhook(ctx, id, change, fmt.Sprintf("webhook %d: %t", id, active),
		"UPDATE webhooks SET active = ? WHERE id = ?", active, id)
}

// RemoveWebhook takes one out, with what it was sent.
func (s Webhooks) RemoveWebhook(ctx context.Context, id int64, change Change) error {
	return s.changeWebhook(ctx, id, change, fmt.Sprintf("webhook %d removed", id), "DELETE FROM webhooks WHERE id = ?", id)
}

// Redeliver has a delivery tried again at once.
func (s Webhooks) Redeliver(ctx context.Context, webhook, delivery int64, change Change) error {
	return s.changeWebhook(ctx, webhook, change, fmt.Sprintf("delivery %d again", delivery),
		"UPDATE deliveries SET state = 'waiting', next_at = ? WHERE id = ? AND webhook_id = ?", s.Now().UTC(), delivery,
		webhook)
}

// changeWebhook changes one of the addresses, and notes it in the audit log.
func (s Webhooks) changeWebhook(ctx context.Context, id int64, change Change, detail, sql string, args ...any) error {
	err := s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		done := tx.Exec(sql, args...)
		if done.Error == nil && done.RowsAffected == 0 {
			return ErrNotFound
		}
		if done.Error != nil {
			return done.Error
		}
		return s.Accounts().note(tx, change, AuditSetting, detail)
	})
	if err != nil {
		return fmt.Errorf("changing webhook %d: %w", id, err)
	}
	return nil
}

// toldAtOnce is how many revisions one round turns into messages.
const toldAtOnce = 200

// QueueDeliveries makes messages of what happened since webhooks were last told: of
// revisions by their place in the chain, so that none is missed and none told
// twice; of validity that begins or ends by the day. Restricted records are not
// told of. It returns whether there may be more.
func (s Webhooks) QueueDeliveries(ctx context.Context, site string) (more bool, err error) {
	var hooks []Webhook
	if err := s.reader(ctx).Where("active").Order("id").Find(&hooks).Error; err != nil {
		return false, fmt.Errorf("reading webhooks: %w", err)
	}
	for _, w := range hooks {
		n, err := s.queueFor(ctx, w, site)
		if err != nil {
			return false, fmt.Errorf("telling webhook %d: %w", w.ID, err)
		}
		more = more || n == toldAtOnce
	}
	return more, nil
}

// queueFor queues what an address is still to be told, and moves it on, in one
// transaction.
func (s Webhooks) queueFor(ctx context.Context, w Webhook, site string) (n int, err error) {
	today := edtf.Today(s.Now())
	err = s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		events := strings.Fields(w.Events)
		var length int64
		if err := tx.Raw("SELECT length FROM register").Scan(&length).Error; err != nil {
			return err
		}
		var rows []struct {
			Place      int64
			SubjectKey string
			Number     int
			Action     string
			At         time.Time
			Title      string
		}
		err := tx.Raw(
			`SELECT r.place, r.subject_key, r.number, r.action, r.at, a.title, a.restricted FROM revisions r JOIN agreements a ON CAST(a.id AS text) = r.subject_key
			WHERE r.place > ? AND r.place <= ? AND r.subject = 'agreement' AND NOT a.restricted AND NOT r.restricted ORDER BY r.place LIMIT ?`, w.Place, length, toldAtOnce).Scan(&rows).Error
		if err != nil {
			return err
		}
		n = len(rows)
		place := w.Place
		if n < toldAtOnce {
			place = length
		}
		var list []Delivery
		for _, r := range rows {
			if n == toldAtOnce {
				place = r.Place
			}
			event := eventTold(r.Action, r.Number)
			if slices.Contains(events, event) {
				id := (&Revision{SubjectKey: r.SubjectKey}).subjectID()
				list = append(list, s.delivery(w, fmt.Sprintf("msg_%d_%d", w.ID, r.Place), event, r.At, id, r.Number, r.Title, "",
					site))
			}
		}
		if w.Day < today {
			due, err := s.dueDeliveries(tx, w, events, today, site)
			if err != nil {
				return err
			}
			list = append(list, due...)
		}
		if place == w.Place && w.Day == today {
			return nil
		}
		done := tx.Exec("UPDATE webhooks SET place = ?, day = ? WHERE id = ? AND place = ? AND day = ?", place, today, w.ID,
			w.Place, w.Day)
		if done.Error != nil || done.RowsAffected == 0 { // another process was faster
			return done.Error
		}
		return insertAll(tx, list)
	})
	return n, err
}

// eventTold is what others are told of a revision.
func eventTold(action string, number int) string {
	switch {
	case action == "withdrawn":
		return "agreement.withdrawn"
	case action == "recorded" || number == 1:
		return "agreement.recorded"
	}
	return "agreement.revised"
}

// dueDeliveries are the messages of validity that began or ended after the day up
// to which a webhook was told. What ends on a day is told on it.
func (s Webhooks) dueDeliveries(tx *gorm.DB, w Webhook, events []string, today edtf.Day, site string) (list []Delivery,
	err error) {
	var rows []struct {
		ID           int64
		AgreementID  int64
		Event        string
		DateEarliest edtf.Day
		Title        string
	}
	err = tx.Raw(
		`SELECT e.id, e.agreement_id, e.event, e.date_earliest, a.title FROM events e JOIN agreements a ON a.id = e.agreement_id
		WHERE e.event IN ('validity-begins', 'validity-ends') AND e.date_earliest > ? AND e.date_earliest <= ? AND e.date_earliest = e.date_latest AND a.withdrawn_at IS NULL AND NOT a.restricted
		ORDER BY e.date_earliest, e.id LIMIT 10000`, w.Day, today).Scan(&rows).Error
	for _, r := range rows {
		event := map[string]string{"validity-begins": "agreement.begins", "validity-ends": "agreement.ends"}[r.Event]
		if slices.Contains(events, event) {
			list = append(list, s.delivery(w, fmt.Sprintf("msg_%d_%s_%s_%d", w.ID, event, r.DateEarliest, r.AgreementID), event,
				s.Now(), r.AgreementID, 0, r.Title, r.DateEarliest, site))
		}
	}
	slices.SortFunc(list, func(a, b Delivery) int { return strings.Compare(a.Message, b.Message) })
	return slices.CompactFunc(list, func(a, b Delivery) bool { return a.Message == b.Message }), err
}

// delivery is what is told of one thing, signed when it is sent.
func (s Webhooks) delivery(w Webhook, message, event string, at time.Time, id int64, version int, title string,
	day edtf.Day, site string) Delivery {
	p := WebhookPayload{Type: event, Timestamp: at.UTC().Truncate(time.Second)}
	p.Data.Agreement, p.Data.Version, p.Data.Title, p.Data.Day, p.Data.Address = id, version, title, day,
		fmt.Sprintf("%s/agreements/%d", site, id)
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // texts, numbers and a time
	}
	now := s.Now().UTC().Truncate(time.Millisecond)
	return Delivery{WebhookID: w.ID, Message: message, Event: event, Payload: string(text), MadeAt: now, State: "waiting",
		NextAt: now}
}

// deliveryWait is for how long an instance has a delivery that it is trying: longer
// than a webhook may take to answer.
const deliveryWait = 30 * time.Second

// TakeDelivery finds a delivery whose time has come, and keeps others from trying
// it meanwhile; nil when there is none.
func (s Webhooks) TakeDelivery(ctx context.Context) (d *Delivery, w *Webhook, err error) {
	now := s.Now().UTC()
	var found []Delivery
	err = s.Accounts().accounts(ctx, func(tx *gorm.DB) error {
		err := tx.Raw(
			"SELECT d.* FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id AND w.active WHERE d.state = 'waiting' AND d.next_at <= ? ORDER BY d.next_at, d.id LIMIT 1", now).Scan(&found).Error
		if err != nil || len(found) == 0 {
			return err
		}
		done := tx.Exec("UPDATE deliveries SET next_at = ? WHERE id = ? AND next_at = ? AND state = 'waiting'",
			now.Add(deliveryWait), found[0].ID, found[0].NextAt)
		if done.Error == nil && done.RowsAffected == 0 {
			found = nil
		}
		return done.Error
	})
	if err != nil {
		return nil, nil, fmt.Errorf("looking for deliveries: %w", err)
	}
	if len(found) == 0 {
		return nil, nil, nil
	}
	w, _, err = s.Webhook(ctx, found[0].WebhookID, 0)
	return &found[0], w, err
}

// Retries are how long it is waited after each try that failed, as Standard
// Webhooks proposes.
var Retries = []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
	10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour}

// Delivered notes how a try went. A failed one is tried again later, until it has
// been tried often enough.
func (s Webhooks) Delivered(ctx context.Context, d *Delivery, status int, answer string) error {
	now := s.Now().UTC()
	state, next := "delivered", now
	if status < 200 || status > 299 {
		if state = "failed"; d.Tries < len(Retries) {
			state, next = "waiting", now.Add(Retries[d.Tries])
		}
	}
	if runes := []rune(answer); len(runes) > 300 {
		answer = string(runes[:300])
	}
	err := s.write.WithContext(ctx).Exec(
		"UPDATE deliveries SET state = ?, tries = tries + 1, next_at = ?, tried_at = ?, status = ?, answer = ? WHERE id = ?",
		state, next, now, status, strings.ToValidUTF8(strings.ReplaceAll(answer, "\x00", ""), "\uFFFD"), d.ID).Error
	if err != nil {
		return fmt.Errorf("noting delivery %d: %w", d.ID, err)
	}
	return nil
}
