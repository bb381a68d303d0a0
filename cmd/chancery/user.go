package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"chancery/models"

	"golang.org/x/term"
)

type userCommand struct {
	Add     userAddCommand     `cmd:"" help:"Make an account and print the one-time link that sets its password."`
	Passwd  userPasswdCommand  `cmd:"" help:"Set an account's password, read from the terminal or from standard input."`
	Disable userDisableCommand `cmd:"" help:"End an account's right to sign in, with its sessions."`
	Enable  userEnableCommand  `cmd:"" help:"Let an account sign in again."`
	Role    userRoleCommand    `cmd:"" help:"Change an account's role."`
	List    userListCommand    `cmd:"" help:"List accounts."`
}

// console is who stands in the audit for what is done at the console.
var console = models.Change{Actor: "console"}

// withAccount runs something on the account of a name or address.
func (line *commandLine) withAccount(ctx context.Context, name string,
	do func(store *models.Store, a *models.Account) error) error {
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	a, err := store.Accounts().AccountNamed(ctx, name)
	if errors.Is(err, models.ErrNotFound) {
		return fmt.Errorf("there is no account %q: chancery user list names all", name)
	}
	if err != nil {
		return err
	}
	return inWords(do(store, a))
}

// inWords turns what is wrong with fields into sentences.
func inWords(err error) error {
	var problems models.Invalid
	if !errors.As(err, &problems) {
		return err
	}
	var sentences []string
	for _, field := range problems.Fields() {
		sentences = append(sentences, field+": "+speaker.Problem(problems[field]))
	}
	return errors.New(strings.Join(sentences, " "))
}

type userAddCommand struct {
	Name     string `arg:"" help:"The name to sign in with."`
	Email    string `help:"E-mail address." placeholder:"ADDRESS"`
	Role     string `help:"Role." enum:"reader,contributor,editor,administrator" default:"contributor"`
	Language string `help:"Language." enum:"en,de,ru" default:"en"`
	Site     string `help:"Address of the register, for the link." env:"CHANCERY_SITE" default:"http://localhost:8080" placeholder:"https://…"`
}

func (c *userAddCommand) Run(ctx context.Context, line *commandLine) error {
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	a, err := store.Accounts().CreateAccount(ctx, models.AccountDraft{Name: c.Name, Email: c.Email, Role: c.Role,
		Language: c.Language}, console)
	if err != nil {
		return inWords(err)
	}
	secret, err := store.Accounts().NewLink(ctx, a.ID, console)
	if err != nil {
		return err
	}
	line.say("%s is made. Within 48 hours its owner sets the password, once, at:", a.Name)
	fmt.Println(strings.TrimRight(c.Site, "/") + "/links/" + secret)
	return nil
}

type userPasswdCommand struct {
	Name string `arg:"" help:"Name or e-mail address."`
}

func (c *userPasswdCommand) Run(ctx context.Context, line *commandLine) error {
	return line.withAccount(ctx, c.Name, func(store *models.Store, a *models.Account) error {
		password, err := readPassword()
		if err != nil {
			return err
		}
		if err := store.Accounts().SetPassword(ctx, a.ID, password, "", console); err != nil {
			return err
		}
		line.say("The password of %s is set; its sessions have ended.", a.Name)
		return nil
	})
}

// readPassword asks at a terminal, unseen and twice; else it takes the first line
// of standard input.
func readPassword() (string, error) {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		text, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if text = strings.TrimRight(text, "\r\n"); text == "" {
			return "", fmt.Errorf("standard input has no password: %w", err)
		}
		return text, nil
	}
	var typed [2]string
	for i, prompt := range []string{"New password: ", "Once more: "} {
		fmt.Fprint(os.Stderr, prompt)
		text, err := term.ReadPassword(int(os.Stdin.Fd()))
		fmt.Fprintln(os.Stderr)
		if err != nil {
			return "", err
		}
		typed[i] = string(text)
	}
	if typed[0] != typed[1] {
		return "", errors.New("the two are not the same")
	}
	return typed[0], nil
}

type userDisableCommand struct {
	Name string `arg:"" help:"Name or e-mail address."`
}

func (c *userDisableCommand) Run(ctx context.Context, line *commandLine) error {
	return line.withAccount(ctx, c.Name, func(store *models.Store, a *models.Account) error {
		return store.Accounts().DisableAccount(ctx, a.ID, true, console)
	})
}

type userEnableCommand struct {
	Name string `arg:"" help:"Name or e-mail address."`
}

func (c *userEnableCommand) Run(ctx context.Context, line *commandLine) error {
	return line.withAccount(ctx, c.Name, func(store *models.Store, a *models.Account) error {
		return store.Accounts().DisableAccount(ctx, a.ID, false, console)
	})
}

type userRoleCommand struct {
	Name string `arg:"" help:"Name or e-mail address."`
	Role string `arg:"" help:"reader, contributor, editor or administrator." enum:"reader,contributor,editor,administrator"`
}

func (c *userRoleCommand) Run(ctx context.Context, line *commandLine) error {
	return line.withAccount(ctx, c.Name, func(store *models.Store, a *models.Account) error {
		d := a.Draft()
		d.Role = c.Role
		return store.Accounts().ReviseAccount(ctx, a.ID, d, console)
	})
}

type userListCommand struct{}

func (userListCommand) Run(ctx context.Context, line *commandLine) error {
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	list, err := store.Accounts().List(ctx)
	if err != nil {
		return err
	}
	for _, a := range list {
		state := ""
		if a.DisabledAt != nil {
			state = "disabled"
		}
		fmt.Printf("%s\t%s\t%s\t%s\n", a.Name, a.Role, a.Email, state)
	}
	return nil
}
