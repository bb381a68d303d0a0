package models

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"
)

// A Chore is work that is done now and then, by one instance at a time: backups,
// taking ended sessions out.
type Chore struct {
	Name      string     `gorm:"primaryKey" json:"name"`
	Holder    string     `json:"-"`
	HeldUntil *time.Time `json:"held_until,omitempty"` // while an instance is at it
	DoneAt    *time.Time `json:"done_at,omitempty"`    // when it last succeeded
	Problem   string     `json:"problem,omitempty"`    // why it failed last
}

// choreHeld is for how long an instance has a chore before it must renew its hold:
// when it dies, another takes over after that. choreAgain is how soon one that
// failed is tried again.
const (
	choreHeld  = 30 * time.Second
	choreAgain = 5 * time.Minute
)

// DoChore does a chore if it is due and no other instance is at it; ran tells
// whether it was done here. When the hold is lost, the context of the work ends.
func (s Upkeep) DoChore(ctx context.Context, name string, every time.Duration,
	work func(ctx context.Context) error) (ran bool, err error) {
	holder := rand.Text()
	now := s.Now().UTC()
	db := s.write.WithContext(ctx)
	if err := db.Exec("INSERT INTO chores (name) VALUES (?) ON CONFLICT (name) DO NOTHING", name).Error; err != nil {
		return false, fmt.Errorf("claiming %s: %w", name, err)
	}
	// What is further in the future than it can be was written before the clock was
	// set back.
	claimed := db.Exec(
		"UPDATE chores SET holder = ?, held_until = ? WHERE name = ? AND (held_until IS NULL OR held_until < ? OR held_until > ?) AND (done_at IS NULL OR done_at <= ? OR done_at > ?)",
		holder, now.Add(choreHeld), name, now, now.Add(choreAgain+time.Minute), now.Add(-every), now.Add(time.Minute))
	if claimed.Error != nil || claimed.RowsAffected == 0 {
		if claimed.Error != nil {
			return false, fmt.Errorf("claiming %s: %w", name, claimed.Error)
		}
		return false, nil
	}
	working, stop := context.WithCancel(ctx)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		s.renew(working, stop, name, holder)
	}()
	failed := work(working)
	stop()
	<-renewed
	return true, s.endChore(ctx, name, holder, failed)
}

// renew keeps the hold on a chore while it is being done.
func (s Upkeep) renew(ctx context.Context, stop context.CancelFunc, name, holder string) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(choreHeld / 3):
		}
		held := s.write.WithContext(ctx).Exec("UPDATE chores SET held_until = ? WHERE name = ? AND holder = ?",
			s.Now().UTC().Add(choreHeld), name, holder)
		if held.Error == nil && held.RowsAffected == 0 {
			stop() // another instance has taken it over
			return
		}
	}
}

// endChore notes how a chore ended, and lets others have it.
func (s Upkeep) endChore(ctx context.Context, name, holder string, failed error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	now := s.Now().UTC()
	db := s.write.WithContext(ctx)
	var err error
	if failed == nil {
		err = db.Exec(
			"UPDATE chores SET holder = '', held_until = NULL, done_at = ?, problem = '' WHERE name = ? AND holder = ?", now,
			name, holder).Error
	} else {
		err = db.Exec("UPDATE chores SET holder = '', held_until = ?, problem = ? WHERE name = ? AND holder = ?",
			now.Add(choreAgain), failed.Error(), name, holder).Error
	}
	if failed != nil {
		return fmt.Errorf("%s: %w", name, failed)
	}
	if err != nil {
		return fmt.Errorf("ending %s: %w", name, err)
	}
	return nil
}

// Chores are all that has been done or tried, by name.
func (s Upkeep) Chores(ctx context.Context) (list []Chore, err error) {
	if err := s.reader(ctx).Order("name").Find(&list).Error; err != nil {
		return nil, fmt.Errorf("reading chores: %w", err)
	}
	return list, nil
}
