package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"time"

	"chancery/models"
)

// The first start: until there is an administrator, who holds the secret may write.
// It stays the same until then: beside an SQLite file as FILE.setup, for its owner
// alone, and in a server's database.

// setupSecret is the secret of the first start, the given one if there is one, or ""
// when there is an administrator, with whom it goes.
func setupSecret(ctx context.Context, given, database string, store *models.Store) (string, error) {
	if given != "" && len(given) < shortestSecret {
		return "", fmt.Errorf("the secret of the first start has %d characters: take %d or more", len(given), shortestSecret)
	}
	administered, err := store.Accounts().HasAdministrator(ctx)
	if err != nil {
		return "", err
	}
	if given != "" && !administered {
		return given, nil
	}
	if onServer(database) {
		secret := ""
		if administered {
			err = store.Accounts().ForgetSetup(ctx)
		} else {
			secret, err = store.Accounts().SetupSecret(ctx, rand.Text())
		}
		if models.Unreachable(err) { // while the primary is away nobody can write anyhow
			return "", nil
		}
		return secret, err
	}
	file := database + ".setup"
	if !administered {
		return fileSecret(file)
	}
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("forgetting the secret of the first start: %w", err)
	}
	return "", nil
}

// shortestSecret is how long a secret is at least that somebody else makes.
const shortestSecret = 20

var isSecret = regexp.MustCompile(`^[A-Z2-7]{26,64}$`) // as rand.Text makes them

// fileSecret reads the secret in a file, which it makes if there is none. Who else
// makes it at the same time is waited for.
func fileSecret(path string) (string, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- beside the database
	if err == nil {
		secret := rand.Text()
		_, err = f.WriteString(secret + "\n")
		if err := errors.Join(err, f.Close()); err != nil {
			return "", fmt.Errorf("keeping the secret of the first start: %w", err)
		}
		return secret, nil
	}
	if !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("keeping the secret of the first start: %w", err)
	}
	for range 10 {
		content, err := os.ReadFile(path) // #nosec G304 -- beside the database
		if err != nil {
			return "", fmt.Errorf("reading the secret of the first start: %w", err)
		}
		if secret := strings.TrimSpace(string(content)); isSecret.MatchString(secret) {
			return secret, os.Chmod(path, 0o600)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "", fmt.Errorf("%s does not hold the secret of a first start: remove it, and a new one is made", path)
}

// setupLink is the address that makes a browser one that may write.
func setupLink(site, listen, secret string) string {
	return cmp.Or(strings.TrimRight(site, "/"), localAddress(listen)) + "/setup/" + secret
}

// localAddress is where a browser on this machine finds what listens at an address.
func localAddress(listen string) string {
	if strings.HasPrefix(listen, ":") {
		listen = "localhost" + listen
	}
	return "http://" + strings.NewReplacer("127.0.0.1", "localhost", "0.0.0.0", "localhost", "[::]", "localhost",
		"[::1]", "localhost").Replace(listen)
}

type setupCommand struct {
	Secret string `help:"The secret of the first start, if it was given." env:"CHANCERY_SETUP_SECRET" hidden:""`
	Listen string `help:"Where the register listens." default:"127.0.0.1:8080" env:"CHANCERY_LISTEN" placeholder:"ADDRESS"`
	Site   string `help:"Its public address, as https://treaties.example." env:"CHANCERY_SITE" placeholder:"ADDRESS"`
}

// Help says what the link is good for.
func (setupCommand) Help() string {
	return "Until the register has an administrator, only who opens this link may write in it; the link leads to making one. " +
		"Its last part is a token for programs: Authorization: Bearer …"
}

func (c *setupCommand) Run(ctx context.Context, line *commandLine) error {
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	secret, err := setupSecret(ctx, c.Secret, line.Database, store)
	if err != nil {
		return err
	}
	if secret == "" {
		return errors.New("the register has an administrator: the link of the first start holds no more. " +
			"A lost password is set anew by chancery user passwd")
	}
	fmt.Println(setupLink(c.Site, c.Listen, secret))
	return nil
}
