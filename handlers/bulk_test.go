package handlers

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"chancery/exchange"
	"chancery/models"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Two records of one agreement become one: both numbers lead to it, what led to the
// other leads to it, and undoing it brings all back.
func TestTwoRecordsBecomeOne(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		s.keeping(1 << 20)
		first := `{"titles":[{"language":"en","text":"Treaty on fish"}],"kind":"treaty","signed":"2001-02-03","participations":[{"party":"BY"},{"party":"RU"}],"external_ids":[{"scheme":"unts","value":"1"}]}`
		second := `{"titles":[{"language":"en","text":"Treaty on the fish"}],"kind":"agreement","signed":"2001-02-03","place":"Minsk","participations":[{"party":"BY"},{"party":"RU"}],"external_ids":[{"scheme":"unts","value":"2"}]}`
		third := `{"titles":[{"language":"en","text":"Amendment"}],"kind":"amendment","signed":"2005","participations":[{"party":"BY"},{"party":"RU"}],"relations":[{"type":"amends","target":2}]}`
		for _, body := range []string{first, second, third} {
			s.json("POST", "/agreements", body).want(t, 201)
		}
		before := said(s)
		s.get("/duplicates").want(t, 200, "Treaty on the fish", "same day", "75 %")
		form := formOf(t, s.get("/duplicates/1-2").want(t, 200, "Minsk", "unts 1", "unts 2").body)
		form.Set("keep", "1")
		form.Set("field.kind", "2")
		form.Set("field.place", "2")
		s.post("/duplicates/1-2", form).want(t, 422, "Enter ")
		form.Set("actor", "A")
		s.post("/duplicates/1-2", form).want(t, 303)
		s.post("/duplicates/1-2", form).want(t, 410)
		if to := s.get("/agreements/2").want(t, 302).Header.Get("Location"); to != "/agreements/1" {
			t.Error(to)
		}
		if to := s.get("/agreements/2.json").want(t, 302).Header.Get("Location"); to != "/agreements/1.json" {
			t.Error(to)
		}
		s.get("/agreements/1.json").want(t, 200, `"place":"Minsk"`, `"kind":"agreement"`, `"value":"1"`, `"value":"2"`,
			`"text":"Treaty on the fish"`)
		s.get("/agreements/3.json").want(t, 200, `"target":1`)
		s.get("/duplicates").want(t, 200, "No two records look like one agreement.")
		s.get("/operations/1").want(t, 200, "Merge: 2 → 1")
		s.post("/operations/1/undo", url.Values{}).want(t, 303)
		if after := said(s); after != before {
			t.Errorf("undone, the register says\n%s\nand said\n%s", after, before)
		}
		s.get("/agreements/2").want(t, 200, "Treaty on the fish")
		s.get("/agreements/3.json").want(t, 200, `"target":2`)
		s.post("/duplicates/1-2/distinct", url.Values{}).want(t, 303)
		s.get("/duplicates").want(t, 200, "No two records look like one agreement.")
		if broken, _, err := s.store.Upkeep().VerifyChain(models.WithRestricted(t.Context()), nil); err != nil ||
			broken != nil {
			t.Errorf("the chain: %v, %v", broken, err)
		}
		if _, err := s.store.Upkeep().VerifyRecords(models.WithRestricted(t.Context()),
			func(b models.Break) { t.Error(b) }); err != nil {
			t.Error(err)
		}
	})
}

// said is what the register says of agreements, in every table.
func said(s *site) string {
	text := s.get("/timeline.csv").body
	for _, table := range exchange.RecordTables {
		text += s.get("/agreements.csv?table=" + table.Name).body
	}
	return text
}

// A merge of which a record was changed since is not undone by half.
func TestAMergeThatWasBuiltOnIsNotUndone(t *testing.T) {
	s := open(t, "sqlite")
	for _, title := range []string{"Treaty on fish", "Treaty on fish"} {
		s.json("POST", "/agreements", `{"titles":[{"language":"en","text":"`+title+
			`"}],"signed":"2001-02-03","participations":[{"party":"BY"},{"party":"RU"}]}`).want(t, 201)
	}
	form := formOf(t, s.get("/duplicates/1-2").want(t, 200).body)
	form.Set("keep", "1")
	form.Set("actor", "A")
	s.post("/duplicates/1-2", form).want(t, 303)
	s.json("PUT", "/agreements/1",
		`{"titles":[{"language":"en","text":"Treaty on fishes"}],"signed":"2001-02-03","participations":[{"party":"BY"},{"party":"RU"}]}`, "If-Match", `"v2"`).want(t, 200)
	s.post("/operations/1/undo", url.Values{}).want(t, 409)
	s.get("/agreements/2").want(t, 302)
}

// One field changes for many, seen before, each with a revision, all undone at
// once.
func TestAFieldChangesForMany(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		for n := range 5 {
			s.json("POST", "/agreements",
				fmt.Sprintf(
					`{"titles":[{"language":"en","text":"Treaty %d"}],"signed":"200%d","participations":[{"party":"BY"},{"party":"RU"}]}`, n, n)).want(t, 201)
		}
		before := said(s)
		s.get("/agreements").want(t, 200, "/agreements/bulk", "Edit all results")
		form := url.Values{"field": {"kind"}, "value": {"nonsense"}, "id": {"1", "2", "3"}, "do": {"look"}}
		s.post("/agreements/bulk?party=BY", form).want(t, 422, "nonsense")
		form.Set("value", "plan")
		page := s.post("/agreements/bulk?party=BY", form).want(t, 200, "3 would change", "agreement", "plan")
		seen := []string{}
		for _, m := range inputs.FindAllStringSubmatch(page.body, -1) {
			if m[1] == "seen" {
				seen = append(seen, m[2])
			}
		}
		form["seen"], form["do"], form["actor"] = seen, []string{"apply"}, []string{"A"}
		s.post("/agreements/bulk?party=BY", form).want(t, 303)
		s.get("/agreements/1.json").want(t, 200, `"kind":"plan"`, `"version":2`)
		s.get("/agreements/4.json").want(t, 200, `"kind":"agreement"`, `"version":1`)
		s.post("/agreements/bulk?party=BY", form).want(t, 303) // nothing is left to change
		form.Set("value", "treaty")
		s.post("/agreements/bulk?party=BY", form).want(t, 409) // seen at versions that are no more
		s.get("/operations/1").want(t, 200, "Edit of a list: Kind: plan")
		s.post("/operations/1/undo", url.Values{}).want(t, 303)
		if after := said(s); after != before {
			t.Errorf("undone, the register says\n%s\nand said\n%s", after, before)
		}
	})
}

// Another program is told what happens, signed, once, again later when it does not
// take it; never at a private address unless that is allowed (S16).
func TestWebhooksAreTold(t *testing.T) {
	each(t, func(t *testing.T, s *site) {
		ctx := models.WithRestricted(t.Context())
		now := s.store.Now()
		s.store.Now = func() time.Time { return now }
		var got []string
		var secret string
		answer := 500
		hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			signer, err := standardwebhooks.NewWebhook(secret)
			if err == nil {
				err = signer.VerifyIgnoringTimestamp(body, r.Header)
			}
			if err != nil {
				t.Errorf("the signature: %v", err)
			}
			got = append(got, r.Header.Get("webhook-id")+" "+string(body))
			w.WriteHeader(answer)
			io.WriteString(w, "thanks")
		}))
		defer hook.Close()
		w, err := s.store.Webhooks().MakeWebhook(ctx, hook.URL, models.WebhookEvents, models.Change{Actor: "A"})
		if err != nil {
			t.Fatal(err)
		}
		secret = w.Secret
		quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
		settle := func(private bool) {
			if err := exchange.NewMessenger(s.store, "https://register.example", private, quiet).Settle(ctx); err != nil {
				t.Fatal(err)
			}
		}
		s.json("POST", "/agreements",
			`{"titles":[{"language":"en","text":"Treaty"}],"signed":"2001","validity_periods":[{"valid_from":"2026-11-24"}],"participations":[{"party":"BY"},{"party":"RU"}]}`).want(t, 201)
		s.json("POST", "/agreements",
			`{"titles":[{"language":"en","text":"Canary"}],"restricted":true,"signed":"2001","participations":[{"party":"BY"},{"party":"RU"}]}`).want(t, 201)
		settle(false)
		_, list, err := s.store.Webhooks().Webhook(ctx, w.ID, 10)
		if err != nil || len(list) != 1 || len(got) != 0 || !strings.Contains(list[0].Answer, "private") ||
			list[0].State != "waiting" {
			t.Fatalf("a private address: %+v, %v, got %v", list, err, got)
		}
		now = now.Add(models.Retries[0])
		settle(true)
		if len(got) != 1 || !strings.Contains(got[0], `"type":"agreement.recorded"`) ||
			!strings.Contains(got[0], `"address":"https://register.example/agreements/1"`) {
			t.Fatalf("got %v", got)
		}
		settle(true)
		if len(got) != 1 {
			t.Fatalf("told before its time: %v", got)
		}
		answer = 204
		now = now.Add(models.Retries[1])
		settle(true)
		settle(true)
		if len(got) != 2 || got[0] != got[1] {
			t.Fatalf("the second try: %v", got)
		}
		now = now.Add(24 * time.Hour)
		settle(true)
		if len(got) != 3 || !strings.Contains(got[2], `"type":"agreement.begins"`) ||
			!strings.Contains(got[2], `"day":"2026-11-24"`) {
			t.Fatalf("validity begins: %v", got)
		}
		for range len(models.Retries) + 3 { // one that is never taken is given up
			answer = 410
			if len(got) == 3 {
				s.json("DELETE", "/agreements/1?reason=twice", "", "If-Match", `"v1"`, "Cookie", "", "Authorization",
					"Bearer "+setupSecret).want(t, 204) // the session has ended
			}
			settle(true)
			now = now.Add(25 * time.Hour)
		}
		_, list, err = s.store.Webhooks().Webhook(ctx, w.ID, 10)
		if err != nil || list[0].State != "failed" || list[0].Tries != len(models.Retries)+1 || list[0].Status != 410 {
			t.Errorf("%+v, %v", list[0], err)
		}
		for _, text := range got {
			if strings.Contains(text, "Canary") {
				t.Errorf("a restricted record was told of: %s", text)
			}
		}
	})
}

func TestPrivateAddressesAreKnown(t *testing.T) {
	for _, address := range []string{"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
		"100.64.0.1", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "224.0.0.1",
		"ff02::1", "255.255.255.255", "198.18.0.1", "2002:7f00:1::"} {
		if exchange.IsPublic(netip.MustParseAddr(address)) {
			t.Errorf("%s is taken for a public address", address)
		}
	}
	for _, address := range []string{"8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"} {
		if !exchange.IsPublic(netip.MustParseAddr(address)) {
			t.Errorf("%s is taken for a private address", address)
		}
	}
}
