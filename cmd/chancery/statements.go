package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"chancery/exchange/bucket"
	"chancery/handlers"
	"chancery/models"
)

// A stating makes and keeps signed statements of the history's head by itself: what
// was taken away or changed before the last of them shows, if it is kept where
// whoever has hold of the database has not.
type stating struct {
	To  string `help:"Where signed statements of the history's head go, one a day: a folder, s3://…, https://… (posted as JSON) or mailto:ADDRESS." env:"CHANCERY_STATEMENTS_TO" placeholder:"ADDRESS"`
	Key string `help:"File of the private key (PKCS #8, PEM) that signs them; made if it is not there." env:"CHANCERY_SIGNING_KEY_FILE" placeholder:"FILE"`
}

// statementTimeout bounds how long keeping one may take.
const statementTimeout = time.Minute

// start has the head stated once a day from now on, if that is wanted.
func (s stating) start(ctx context.Context, store *models.Store, site string, mail handlers.Mailer) error {
	if s.To == "" {
		return nil
	}
	if s.Key == "" {
		return errors.New("statements are signed: --statements-key names the file of the key")
	}
	keep, err := s.keeper(mail)
	if err != nil {
		return err
	}
	go s.run(ctx, store, site, keep)
	return nil
}

// keeper is what takes a statement to where it is kept.
func (s stating) keeper(mail handlers.Mailer) (func(ctx context.Context, name string, text []byte) error, error) {
	address, isMail := strings.CutPrefix(s.To, "mailto:")
	switch {
	case isMail && mail == nil:
		return nil, errors.New("statements can only be mailed when mail is set up: --smtp and --mail-from")
	case isMail:
		return func(ctx context.Context, name string, text []byte) error {
			return mail(ctx, address, "Chancery: "+name, string(text))
		}, nil
	case strings.HasPrefix(s.To, "https://"), strings.HasPrefix(s.To, "http://"):
		return s.post, nil
	}
	to, err := bucket.Open(s.To)
	if err != nil {
		return nil, fmt.Errorf("statements cannot be kept at %s: %w", s.To, err)
	}
	return func(ctx context.Context, name string, text []byte) error {
		return to.Keep(ctx, name, bytes.NewReader(text), int64(len(text)), "application/json")
	}, nil
}

func (s stating) post(ctx context.Context, _ string, text []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.To, bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("it answers %s", response.Status)
	}
	return nil
}

// run states the head once a day, by one instance of all, until the context ends.
func (s stating) run(ctx context.Context, store *models.Store, site string,
	keep func(ctx context.Context, name string, text []byte) error) {
	for {
		_, err := store.Upkeep().DoChore(ctx, "statement", 24*time.Hour, func(ctx context.Context) error {
			return s.state(ctx, store, site, keep)
		})
		if err != nil && ctx.Err() == nil {
			slog.Error("there is no new statement", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Minute):
		}
	}
}

// state makes a statement and has it kept.
func (s stating) state(ctx context.Context, store *models.Store, site string,
	keep func(ctx context.Context, name string, text []byte) error) error {
	ctx, cancel := context.WithTimeout(ctx, statementTimeout)
	defer cancel()
	key, err := (&statementCommand{Key: s.Key, NewKey: true}).key()
	if err != nil {
		return err
	}
	stated, err := store.Upkeep().Statement(ctx, site, key)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(stated, "", "  ")
	if err != nil {
		return err
	}
	name := "statement-" + stated.At.Format("20060102T150405Z") + ".json"
	if err := keep(ctx, name, append(text, '\n')); err != nil {
		return fmt.Errorf("keeping it at %s: %w", s.To, err)
	}
	slog.Info("stated the head of the history", "name", name, "length", stated.Length, "head", stated.Head)
	return nil
}
