package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"chancery/models"
)

// version is set when a release is built.
var version = "development"

// A commandLine has the flags of all commands.
type commandLine struct {
	Database string `help:"Where the register is: postgres://… or the path of an SQLite file." env:"CHANCERY_DATABASE,DATABASE_URL" default:"chancery.db" placeholder:"ADDRESS"`
	Quiet    bool   `help:"Say nothing but errors." short:"q"`
	Log      string `help:"Form of the log: text or json." enum:"text,json" default:"text" env:"CHANCERY_LOG" placeholder:"FORM"`
}

// open opens the register and migrates it.
func (line *commandLine) open(ctx context.Context) (*models.Store, error) {
	store, err := models.Open(ctx, line.Database)
	if err != nil {
		return nil, err
	}
	if err := store.Upkeep().Migrate(ctx); err != nil {
		store.Close()
		return nil, err
	}
	return store, nil
}

// say tells the person at the console how things go; data goes to standard output.
func (line *commandLine) say(format string, values ...any) {
	if !line.Quiet {
		fmt.Fprintf(os.Stderr, format+"\n", values...)
	}
}

// onServer tells whether a database is on a server, not a file.
func onServer(database string) bool { return strings.Contains(database, "://") }
