package models

import (
	"errors"
	"testing"
)

// Addresses of databases: parameters are added and not replaced, a log has no
// password, and neither has a driver's message.
func TestAddressesOfDatabases(t *testing.T) {
	for address, want := range map[string]bool{
		"postgres://user@host/chancery": true, "postgresql://host/x": true, "chancery.db": false, "": false,
		"/var/lib/postgres://x": false, "POSTGRES://host": false,
	} {
		if got := IsPostgres(address); got != want {
			t.Errorf("%q is an address of PostgreSQL: %v", address, got)
		}
	}
	for _, test := range [][2]string{
		{"postgres://host/db", "postgres://host/db?statement_timeout=5"},
		{"postgres://host/db?sslmode=disable", "postgres://host/db?sslmode=disable&statement_timeout=5"},
		{"postgres://host/db?statement_timeout=9", "postgres://host/db?statement_timeout=9"},
		{"://", "://"},
	} {
		if got := withDefault(test[0], "statement_timeout", "5"); got != test[1] {
			t.Errorf("%s becomes %s, want %s", test[0], got, test[1])
		}
	}
	for _, test := range [][2]string{
		{"postgres://user:secret@host:5432/db?sslmode=disable", "postgres://user:xxxxx@host:5432/db"},
		{"postgres://user@host/db", "postgres://user@host/db"},
		{"chancery.db", "chancery.db"},
		{"/srv/register of treaties.db", "/srv/register of treaties.db"},
	} {
		if got := withoutPassword(test[0]); got != test[1] {
			t.Errorf("a log has %s as %s, want %s", test[0], got, test[1])
		}
	}
	for _, test := range [][3]string{
		{"cannot connect with secret to host\n\tpassword secret", "postgres://user:secret@host/db",
			"cannot connect with … to host password …"},
		{"no\r\nsuch  file", "chancery.db", "no such file"},
		{"a secret", "postgres://user@host/db", "a secret"},
	} {
		if got := scrub(errors.New(test[0]), test[1]).Error(); got != test[2] {
			t.Errorf("%q is told as %q, want %q", test[0], got, test[2])
		}
	}
}
