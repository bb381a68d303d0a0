package models

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"chancery/migrations"
)

// migrations are those of the engine, as goose runs them.
func (s Upkeep) migrations() (*goose.Provider, error) {
	folder := "sqlite"
	if s.dialect == goose.DialectPostgres {
		folder = "postgres"
	}
	files, err := fs.Sub(migrations.Files(), folder)
	if err != nil {
		return nil, err
	}
	pool, err := s.write.DB()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(s.dialect, pool, files, goose.WithDisableGlobalRegistry(true))
}

// Migrate brings the schema to this binary's version and fills the parties that are
// missing. Each step is one transaction. Of several instances one does it after the
// other. A database that is newer than the binary is left as it is, and refused
// with ErrNewerSchema unless it says that this binary may still serve it.
func (s Upkeep) Migrate(ctx context.Context) error {
	release, err := s.migrationLock(ctx)
	if err != nil {
		return fmt.Errorf("waiting for other instances: %w", err)
	}
	defer release()
	provider, err := s.migrations()
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	current, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema's version: %w", err)
	}
	sources := provider.ListSources()
	newest := sources[len(sources)-1].Version
	if current > newest {
		return s.serves(ctx, current, newest)
	}
	if current < newest {
		if _, err := provider.Up(ctx); err != nil {
			return fmt.Errorf("migrating: %w", err)
		}
	}
	if err := s.Parties().fillGazetteer(ctx); err != nil {
		return err
	}
	if err := s.fillIndex(ctx); err != nil {
		return err
	}
	if err := s.fillChain(ctx); err != nil {
		return err
	}
	return s.fillMeetings(ctx)
}

// Ready tells whether the database answers, if only from a replica, and has a
// schema with which this binary works: its own, or a newer one that still serves
// it.
func (s Upkeep) Ready(ctx context.Context) error {
	provider, err := s.migrations()
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	newest := sources[len(sources)-1].Version
	var current int64
	if err := s.read.WithContext(AtReplica(ctx)).Raw(
		"SELECT max(version_id) FROM goose_db_version WHERE is_applied").Scan(&current).Error; err != nil {
		return fmt.Errorf("reading the schema's version: %w", err)
	}
	if current < newest {
		return fmt.Errorf("the schema is at version %d, this program needs %d", current, newest)
	}
	if current > newest {
		return s.serves(ctx, current, newest)
	}
	return nil
}

// serves tells whether a newer schema still serves programs that know it up to a
// version.
func (s Upkeep) serves(ctx context.Context, current, newest int64) error {
	var from int64
	if err := s.read.WithContext(ctx).Raw("SELECT serves_from FROM compatibility").Scan(&from).Error; err != nil {
		return fmt.Errorf("reading whom the schema serves: %w", err)
	}
	if from > newest {
		return fmt.Errorf("schema %d serves programs from %d on, this one knows up to %d: %w", current, from, newest,
			ErrNewerSchema)
	}
	return nil
}
