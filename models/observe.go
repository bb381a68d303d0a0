package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// Observe has every statement told of when it has ended, with the context that it
// was sent in. It is to be called before the store is used; whoever called it
// before goes on being told.
func (s Upkeep) Observe(see func(ctx context.Context, statement SentStatement)) error {
	s.observers = append(s.observers, see)
	if len(s.observers) > 1 {
		return nil
	}
	for pool, db := range map[string]*gorm.DB{"write": s.write, "read": s.read} {
		begin := func(tx *gorm.DB) { tx.InstanceSet("chancery:begun", time.Now()) }
		end := func(tx *gorm.DB) {
			begun, ok := tx.InstanceGet("chancery:begun")
			if !ok {
				return
			}
			statement := SentStatement{Pool: pool, SQL: tx.Statement.SQL.String(), Begun: begun.(time.Time),
				Took: time.Since(begun.(time.Time)), Err: tx.Error}
			if errors.Is(statement.Err, gorm.ErrRecordNotFound) { // was answered
				statement.Err = nil
			}
			for _, see := range s.observers {
				see(tx.Statement.Context, statement)
			}
		}
		c := db.Callback()
		err := errors.Join(c.Query().Before("*").Register("chancery:begin", begin),
			c.Query().After("*").Register("chancery:end", end),
			c.Raw().Before("*").Register("chancery:begin", begin), c.Raw().After("*").Register("chancery:end", end),
			c.Row().Before("*").Register("chancery:begin", begin), c.Row().After("*").Register("chancery:end", end),
			c.Create().Before("*").Register("chancery:begin", begin), c.Create().After("*").Register("chancery:end", end),
			c.Update().Before("*").Register("chancery:begin", begin), c.Update().After("*").Register("chancery:end", end),
			c.Delete().Before("*").Register("chancery:begin", begin), c.Delete().After("*").Register("chancery:end", end))
		if err != nil {
			return fmt.Errorf("watching statements: %w", err)
		}
	}
	return nil
}

// Pools are the connections to the database, by what they are for.
func (s Upkeep) Pools() map[string]*sql.DB {
	pools := map[string]*sql.DB{}
	if s.servers != nil { // the primary is read from as well
		for _, server := range s.servers.all {
			pools[server.part] = server.pool
		}
		return pools
	}
	for name, db := range map[string]*gorm.DB{"write": s.write, "read": s.read} {
		if pool, err := db.DB(); err == nil {
			pools[name] = pool
		}
	}
	return pools
}

// Readers is how many readings go on at the same time; others wait for a
// connection.
func (s Upkeep) Readers() int {
	if s.servers != nil {
		return connections
	}
	pool, err := s.read.DB()
	if err != nil {
		return 1
	}
	return pool.Stats().MaxOpenConnections
}

// Backlog is what waits to be done, by what it is: imports, deliveries of webhooks,
// proposals to decide on.
func (s Upkeep) Backlog(ctx context.Context) (map[string]int64, error) {
	var rows []struct {
		What string
		N    int64
	}
	err := s.reader(ctx).Raw(`SELECT 'imports' AS what, count(*) AS n FROM imports WHERE state IN ('checking', 'running')
		UNION ALL SELECT 'deliveries', count(*) FROM deliveries WHERE state = 'waiting'
		UNION ALL SELECT 'proposals', count(*) FROM proposals WHERE state = 'waiting'`).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("counting what waits: %w", err)
	}
	waiting := map[string]int64{}
	for _, r := range rows {
		waiting[r.What] = r.N
	}
	return waiting, nil
}
