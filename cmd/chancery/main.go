// Command chancery is an open register of diplomatic agreements: it serves the
// register, brings data in and takes it out.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // "today" has a zone, on a machine without a zone database as well

	"chancery/models"

	"github.com/alecthomas/kong"
	mangokong "github.com/alecthomas/mango-kong"
	"github.com/muesli/roff"
)

// Exit codes: 1 a failure, 2 wrong usage, 3 a database newer than this program.
const (
	exitFailure = 1
	exitUsage   = 2
	exitNewer   = 3
)

// commands are every command with its flags; a flag goes before its variable, the
// variable before the default.
type commands struct {
	commandLine

	Serve    serveCommand     `cmd:"" default:"withargs" help:"Serve the register (what chancery does without a command)."`
	Import   importCommand    `cmd:"" help:"Bring data in."`
	Export   exportCommand    `cmd:"" help:"Take data out."`
	Backup   backupCommand    `cmd:"" help:"Copy the whole register into one file while it runs."`
	Restore  restoreCommand   `cmd:"" help:"Build a new register from a backup, and hold it against its history."`
	Draft    draftCommand     `cmd:"" help:"Read press reports: what was signed, by whom, when and where."`
	Sample   sampleCommand    `cmd:"" help:"Load the real data set that comes with the program."`
	User     userCommand      `cmd:"" help:"Accounts: add, passwd, disable, enable, role, list."`
	Index    indexCommand     `cmd:"" help:"What is derived from the records: rebuild or verify it."`
	Verify   verifyCommand    `cmd:"" help:"Hold the register against its history: the chain of revisions, records, what is derived."`
	State    statementCommand `cmd:"" name:"statement" help:"Print a signed statement of the head of the history, to be kept elsewhere."`
	Purge    purgeCommand     `cmd:"" help:"Take personal data out for good, with a reason."`
	Migrate  migrateCommand   `cmd:"" help:"Bring the database to this version's schema and end."`
	Generate generateCommand  `cmd:"" help:"Fill an empty register with made-up agreements, for measuring."`
	Setup    setupCommand     `cmd:"" help:"Print the link of the first start again: who opens it may write until there is an administrator."`
	Health   healthCommand    `cmd:"" help:"Ask the register on this machine whether it is ready; for health checks."`
	Words    wordsCommand     `cmd:"" hidden:"" help:"Read what a document says; run by serve for each."`
	Vet      vetCommand       `cmd:"" hidden:"" help:"Read a table once; run by serve for each that is sent."`
	Version  versionCommand   `cmd:"" help:"Print the version."`
	Man      manCommand       `cmd:"" help:"Print the manual page."`

	Completion completionCommand `cmd:"" help:"Print how the shell completes commands and flags: bash, zsh or fish."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

func run(ctx context.Context, args []string) int {
	ctx = models.WithRestricted(ctx) // the program's own commands read everything; who reads by HTTP is looked at there
	var line commands
	parser, err := kong.New(&line, kong.Name("chancery"), kong.Description("An open register of diplomatic agreements."),
		kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(os.Stderr, "chancery:", err)
		return exitFailure
	}
	if answerShell(parser.Model.Node) {
		return 0
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "chancery:", err)
		fmt.Fprintln(os.Stderr, "chancery --help lists commands and flags")
		return exitUsage
	}
	log := slog.Handler(slog.NewTextHandler(os.Stderr, nil))
	if line.Log == "json" {
		log = slog.NewJSONHandler(os.Stderr, nil)
	}
	slog.SetDefault(slog.New(log))
	if err := command.Run(&line.commandLine); err != nil {
		fmt.Fprintln(os.Stderr, "chancery:", err)
		if errors.Is(err, models.ErrNewerSchema) {
			return exitNewer
		}
		return exitFailure
	}
	return 0
}

type versionCommand struct{}

func (versionCommand) Run() error {
	fmt.Println("chancery", version)
	return nil
}

type manCommand struct{}

// Run prints the manual page that belongs into man1.
func (manCommand) Run(command *kong.Context) error {
	_, err := fmt.Print(mangokong.NewManPage(1, command.Model).Build(roff.NewDocument()))
	return err
}

type migrateCommand struct{}

func (migrateCommand) Run(ctx context.Context, line *commandLine) error {
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	line.say("The database is up to date.")
	return store.Close()
}
