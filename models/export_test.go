package models

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"gorm.io/gorm/logger"
)

// CountStatements counts the statements that reading sends to the database.
func (s *Store) CountStatements(read func()) int {
	var n atomic.Int64
	before := s.read.Config.Logger
	s.read.Config.Logger = counter{&n}
	defer func() { s.read.Config.Logger = before }()
	read()
	return int(n.Load())
}

type counter struct{ n *atomic.Int64 }

func (c counter) LogMode(logger.LogLevel) logger.Interface { return c }
func (c counter) Info(context.Context, string, ...any)     {}
func (c counter) Warn(context.Context, string, ...any)     {}
func (c counter) Error(context.Context, string, ...any)    {}
func (c counter) Trace(context.Context, time.Time, func() (string, int64), error) {
	c.n.Add(1)
}

// ExplainPair tells how SQLite looks for the agreements of a pair, rare or frequent.
func (s *Store) ExplainPair(ctx context.Context, f Filter, frequent bool) (string, error) {
	sel, err := s.choose(ctx, f)
	if err != nil {
		return "", err
	}
	sel.frequent = frequent
	where := sel.agreements()
	var rows []struct{ Detail string }
	err = s.read.WithContext(ctx).Raw("EXPLAIN QUERY PLAN SELECT a.id FROM agreements a WHERE "+where.String()+
		" ORDER BY a.dated_earliest DESC, a.dated_latest DESC, a.id DESC LIMIT 51", where.args...).Scan(&rows).Error
	var lines []string
	for _, r := range rows {
		lines = append(lines, r.Detail)
	}
	return strings.Join(lines, "\n"), err
}
