package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"

	"chancery/handlers"

	"github.com/wneessen/go-mail"
)

// readSecret reads a secret out of its file.
func readSecret(what, path string) (string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s cannot be read: %w", what, err)
	}
	return strings.TrimSpace(string(text)), nil
}

// mailer sends letters through the server of an address such as
// smtp://name@mail.example:587, whose password stands in a file; smtps:// begins
// with TLS, smtp:// goes over to it unless the server is on this machine.
func mailer(server, from, passwordFile string) (handlers.Mailer, error) {
	if server == "" {
		return nil, nil
	}
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		return nil, fmt.Errorf("the mail server is not an address such as smtp://name@mail.example:587")
	}
	if from == "" {
		return nil, fmt.Errorf("say with --mail-from in whose name mail is sent")
	}
	options, err := mailOptions(u, passwordFile)
	if err != nil {
		return nil, err
	}
	client, err := mail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("setting up mail: %w", err)
	}
	return func(ctx context.Context, to, subject, text string) error {
		m := mail.NewMsg()
		if err := m.From(from); err != nil {
			return err
		}
		if err := m.To(to); err != nil {
			return err
		}
		m.Subject(subject)
		m.SetBodyString(mail.TypeTextPlain, text)
		return client.DialAndSendWithContext(ctx, m)
	}, nil
}

// mailOptions are how a mail server is spoken to: with TLS unless it is on this
// machine, and in whose name.
func mailOptions(u *url.URL, passwordFile string) (options []mail.Option, err error) {
	options = []mail.Option{mail.WithTLSPortPolicy(mail.TLSMandatory)}
	switch host := u.Hostname(); {
	case u.Scheme == "smtps":
		options = []mail.Option{mail.WithSSLPort(false)}
	case host == "localhost" || host == "127.0.0.1" || host == "::1":
		options = []mail.Option{mail.WithTLSPortPolicy(mail.TLSOpportunistic)}
	}
	if port, err := strconv.Atoi(u.Port()); err == nil {
		options = append(options, mail.WithPort(port))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		if passwordFile != "" {
			if password, err = readSecret("the mail server's password", passwordFile); err != nil {
				return nil, err
			}
		}
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()),
			mail.WithPassword(password))
	}
	return options, nil
}
