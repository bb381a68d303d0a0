package models

import (
	"errors"
	"net/url"
	"strings"
)

// withDefault adds a run-time parameter to a PostgreSQL address that does not set
// it.
func withDefault(database, name, value string) string {
	u, err := url.Parse(database)
	if err != nil {
		return database
	}
	q := u.Query()
	if !q.Has(name) {
		q.Set(name, value)
		u.RawQuery = q.Encode()
	}
	return u.String()
}

// withoutPassword is an address of a database as a log may have it.
func withoutPassword(database string) string {
	u, err := url.Parse(database)
	if err != nil || !IsPostgres(database) {
		return database
	}
	u.RawQuery = ""
	return u.Redacted()
}

// scrub takes the password out of a driver's message and makes one line of it.
func scrub(err error, database string) error {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if u, e := url.Parse(database); e == nil && u.User != nil {
		if password, ok := u.User.Password(); ok && password != "" {
			text = strings.ReplaceAll(text, password, "…")
		}
	}
	return errors.New(text)
}

// IsPostgres tells whether an address names a PostgreSQL server; anything else is
// the path of an SQLite file.
func IsPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}
