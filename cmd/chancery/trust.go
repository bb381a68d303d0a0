package main

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"time"

	"chancery/models"
)

type verifyCommand struct {
	Statement string `help:"A statement of the chain's head, kept from before: the register must still pass through it." type:"existingfile" placeholder:"FILE"`
	Key       string `help:"The public key, base64, that must have signed the statement." placeholder:"KEY"`
}

// Run holds the whole register against its history: the chain of revisions, each
// record against its last one, and what is derived against the records. It ends
// with exit code 1 at the first break of the chain or when any record differs.
func (c *verifyCommand) Run(ctx context.Context, line *commandLine) error {
	stated, err := c.stated()
	if err != nil {
		return err
	}
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	return holdAgainstHistory(ctx, line, store, stated)
}

// holdAgainstHistory verifies a register; stated may be nil.
func holdAgainstHistory(ctx context.Context, line *commandLine, store *models.Store, stated *models.Statement) error {
	broken, length, err := store.Upkeep().VerifyChain(ctx, stated)
	if err != nil {
		return err
	}
	if broken != nil {
		fmt.Println(broken)
		if stated != nil {
			fmt.Printf("The statement of %s was of %d entries.\n", stated.At.Format(time.RFC3339), stated.Length)
		}
		return errors.New("the chain of revisions is broken; the first break is named above")
	}
	line.say("The chain of %d revisions is whole.", length)
	if stated != nil {
		if err := tellSince(ctx, line, store, stated); err != nil {
			return err
		}
		same, purged, err := store.Upkeep().VerifyAudit(ctx, stated)
		if err != nil {
			return err
		}
		if !same {
			return fmt.Errorf("the audit of accounts and sign-ins is not what it was when it was stated, at %s", stated.At.Format(time.RFC3339))
		}
		if purged {
			line.say("An account was purged since the statement: of the audit only the number of entries was compared.")
		}
	}
	differing := 0
	checked, err := store.Upkeep().VerifyRecords(ctx, func(b models.Break) {
		differing++
		fmt.Println(b)
	})
	if err != nil {
		return err
	}
	beside, err := store.Upkeep().VerifyBeside(ctx, func(b models.Break) {
		differing++
		fmt.Println(b)
	})
	if err != nil {
		return err
	}
	if same, err := store.Upkeep().VerifySettings(ctx); err != nil {
		return err
	} else if !same {
		differing++
		fmt.Println("settings: not those that the audit says were last set")
	}
	if differing > 0 {
		return fmt.Errorf("%d of %d records do not say what their history says", differing, checked+beside)
	}
	line.say("%d records, and %d parties, people, institutions and meetings beside them, say what their history says.", checked, beside)
	return verifyDerived(ctx, line, store)
}

// mostTold is how many changes since a statement are named.
const mostTold = 200

// tellSince names what was changed since a statement, by whom and when.
func tellSince(ctx context.Context, line *commandLine, store *models.Store, stated *models.Statement) error {
	told, more := 0, 0
	err := store.Upkeep().Since(ctx, stated.Length, func(r *models.Revision) {
		if told++; told > mostTold {
			more++
			return
		}
		fmt.Printf("entry %d: revision %d of %s %s, %s by %s at %s\n", r.Place, r.Number, r.Subject, r.SubjectKey, r.Action,
			r.Actor, r.At.UTC().Format(time.RFC3339))
	})
	if err != nil {
		return err
	}
	if more > 0 {
		fmt.Printf("and %d more\n", more)
	}
	line.say("%d changes since the statement of %s, %d entries long.", told, stated.At.Format(time.RFC3339), stated.Length)
	return nil
}

func (c *verifyCommand) stated() (*models.Statement, error) {
	if c.Statement == "" {
		return nil, nil
	}
	text, err := os.ReadFile(c.Statement)
	if err != nil {
		return nil, err
	}
	var stated models.Statement
	if err := json.Unmarshal(text, &stated); err != nil {
		return nil, fmt.Errorf("%s is not a statement: %w", c.Statement, err)
	}
	var trusted ed25519.PublicKey
	if c.Key != "" {
		if trusted, err = base64.StdEncoding.DecodeString(c.Key); err != nil || len(trusted) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("%q is not an Ed25519 public key in base64", c.Key)
		}
	}
	if err := stated.Check(trusted); err != nil {
		return nil, fmt.Errorf("%s: %w", c.Statement, err)
	}
	return &stated, nil
}

type statementCommand struct {
	Key    string `help:"File of the private key (PKCS #8, PEM) to sign with." env:"CHANCERY_SIGNING_KEY_FILE" required:"" placeholder:"FILE"`
	NewKey bool   `help:"Make the key first, if the file is not there."`
	Name   string `help:"What the statement calls the register." env:"CHANCERY_SITE" placeholder:"NAME"`
}

// Run prints a signed statement of the chain's head as JSON: kept elsewhere, it
// shows later that nothing was taken away.
func (c *statementCommand) Run(ctx context.Context, line *commandLine) error {
	key, err := c.key()
	if err != nil {
		return err
	}
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	stated, err := store.Upkeep().Statement(ctx, c.Name, key)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(stated)
}

func (c *statementCommand) key() (ed25519.PrivateKey, error) {
	text, err := os.ReadFile(c.Key)
	if errors.Is(err, os.ErrNotExist) && c.NewKey {
		return c.makeKey()
	}
	if err != nil {
		return nil, fmt.Errorf("the key cannot be read (--new-key makes one): %w", err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s is not a key in PEM", c.Key)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s is not a private key in PKCS #8: %w", c.Key, err)
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s is not an Ed25519 key", c.Key)
	}
	return key, nil
}

func (c *statementCommand) makeKey() (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, os.WriteFile(c.Key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
}

type purgeCommand struct {
	Person  purgePersonCommand  `cmd:"" help:"Take a person's names out of the register and its history."`
	Account purgeAccountCommand `cmd:"" help:"Take an account's name and addresses out of the register and its history."`
}

type purgePersonCommand struct {
	Number int64  `arg:"" help:"The person's number, as in the address of its page."`
	Reason string `help:"Why, for the history." required:""`
	Yes    bool   `help:"Do it: it cannot be undone."`
}

func (c *purgePersonCommand) Run(ctx context.Context, line *commandLine) error {
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	person, err := store.People().Person(ctx, c.Number)
	if err != nil {
		return fmt.Errorf("person %d: %w", c.Number, err)
	}
	if !c.Yes {
		return fmt.Errorf("this takes the names of person %d (%s) out of every record and revision for good: say --yes",
			c.Number, person.Name())
	}
	emptied, err := store.Upkeep().PurgePerson(ctx, c.Number, models.Change{Actor: "chancery purge", Comment: c.Reason})
	if err != nil {
		return err
	}
	line.say("Person %d is purged; %d revisions were emptied of the names. Backups from before still have them.",
		c.Number, emptied)
	return nil
}

type purgeAccountCommand struct {
	Name   string `arg:"" help:"Name or e-mail address."`
	Reason string `help:"Why, for the history." required:""`
	Yes    bool   `help:"Do it: it cannot be undone."`
}

func (c *purgeAccountCommand) Run(ctx context.Context, line *commandLine) error {
	return line.withAccount(ctx, c.Name, func(store *models.Store, a *models.Account) error {
		if !c.Yes {
			return fmt.Errorf("this takes the name of %s out of the register and its history for good: say --yes", a.Name)
		}
		emptied, err := store.Upkeep().PurgeAccount(ctx, a.ID, models.Change{Actor: "chancery purge", Comment: c.Reason})
		if err != nil {
			return err
		}
		line.say("Account %d is purged; %d revisions were emptied of its name. Backups from before still have it.", a.ID,
			emptied)
		return nil
	})
}
