package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"chancery/models"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// A Messenger tells webhooks what happens, by the rules of Standard Webhooks:
// signed with HMAC-SHA256, tried again later and later, the same message under the
// same number each time.
type Messenger struct {
	store  *models.Store
	log    *slog.Logger
	site   string
	client *http.Client
}

// errPrivate says that an address is in a network that is not the world's.
var errPrivate = errors.New("the address is private")

// answerTime is how long a webhook may take to answer.
const answerTime = 15 * time.Second

// NewMessenger makes one for a register whose pages are at a site. It follows no
// redirects.
func NewMessenger(store *models.Store, site string, private bool, log *slog.Logger) *Messenger {
	client := Outward(private, answerTime)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Messenger{store, log, strings.TrimRight(site, "/"), client}
}

// Outward is a client for addresses that people name: it connects to no private
// address, whatever name stands for it or redirect leads there, unless private
// allows that.
func Outward(private bool, timeout time.Duration) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if !private && !IsPublic(at.Addr()) {
			return errPrivate
		}
		return nil
	}}
	transport := &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second,
		DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10}
	return &http.Client{Transport: transport, Timeout: timeout}
}

// special are networks that are not the world's, beside those that package netip
// knows (IANA, special-purpose addresses).
var special = func() (list []netip.Prefix) {
	for _, p := range []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15",
		"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "2001:db8::/32", "2002::/16",
		"2001::/32", "fec0::/10", "::/96", "100::/64", "5f00::/16", "192.88.99.0/24"} {
		list = append(list, netip.MustParsePrefix(p))
	}
	return list
}()

// IsPublic tells whether an address is one of the world's: not of this machine, its
// network, or the metadata of a cloud.
func IsPublic(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// told is how often a messenger looks for what happened.
const told = 3 * time.Second

// Run tells until the context ends.
func (m *Messenger) Run(ctx context.Context) {
	for {
		if err := m.Settle(ctx); err != nil && ctx.Err() == nil {
			m.log.Error("webhooks are not told", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(told):
		}
	}
}

// Settle tells all that is to be told now.
func (m *Messenger) Settle(ctx context.Context) error {
	for {
		more, err := m.store.Webhooks().QueueDeliveries(ctx, m.site)
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	for {
		d, w, err := m.store.Webhooks().TakeDelivery(ctx)
		if err != nil || d == nil {
			return err
		}
		status, answer := m.send(ctx, d, w)
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := m.store.Webhooks().Delivered(ctx, d, status, answer); err != nil {
			return err
		}
	}
}

// send makes one try and tells how it went: the status of the answer with its
// beginning, or 0 with why there was none.
func (m *Messenger) send(ctx context.Context, d *models.Delivery, w *models.Webhook) (status int, answer string) {
	signer, err := standardwebhooks.NewWebhook(w.Secret)
	if err != nil {
		return 0, err.Error()
	}
	now := m.store.Now()
	signature, err := signer.Sign(d.Message, now, []byte(d.Payload))
	if err != nil {
		return 0, err.Error()
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, strings.NewReader(d.Payload))
	if err != nil {
		return 0, err.Error()
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "Chancery")
	request.Header.Set(standardwebhooks.HeaderWebhookID, d.Message)
	request.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	request.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	response, err := m.client.Do(request)
	if errors.Is(err, errPrivate) {
		return 0, fmt.Sprintf("%s: %v", request.URL.Host, errPrivate)
	}
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(response.Body, 1000))
	return response.StatusCode, string(body)
}
