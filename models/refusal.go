package models

import (
	"context"
	"encoding/json"
	"fmt"
)

// A Refusal is a row, or a value of one that is taken, that an import does not
// take.
type Refusal struct {
	ID       int64  `json:"-"`
	ImportID int64  `json:"-"`
	File     int    `json:"file"`
	Line     int    `json:"line"`
	Name     string `json:"column"`
	Value    string `json:"value"`
	Problem  string `json:"problem"` // its code
	Args     string `json:"-"`       // what fills it in, as JSON
	Whole    bool   `json:"row"`
}

// NewRefusal notes a problem; long values are cut.
func NewRefusal(file, line int, column, value string, p Problem, whole bool) Refusal {
	if runes := []rune(value); len(runes) > 500 {
		value = string(runes[:500]) + "…"
	}
	return Refusal{File: file, Line: line, Name: column, Value: value, Problem: p.Code, Args: argsText(p.Args),
		Whole: whole}
}

// argsText keeps what fills a problem in, as JSON.
func argsText(args map[string]string) string {
	if len(args) == 0 {
		return ""
	}
	text, err := json.Marshal(args)
	if err != nil {
		panic(err) // texts
	}
	return string(text)
}

// Why is what is wrong.
func (r *Refusal) Why() Problem {
	p := Problem{Code: r.Problem}
	if r.Args != "" {
		_ = json.Unmarshal([]byte(r.Args), &p.Args)
	}
	return p
}

// TableName is the table of refusals.
func (Refusal) TableName() string { return "import_refusals" }

// Refusals lists what an import refused, after a number, in the order of the files.
func (s Bulk) Refusals(ctx context.Context, id, after int64, limit int) (list []Refusal, err error) {
	err = s.reader(ctx).Where("import_id = ? AND id > ?", id, after).Order("id").Limit(limit).Find(&list).Error
	if err != nil {
		return nil, fmt.Errorf("listing what import %d refused: %w", id, err)
	}
	return list, nil
}

// RefusalCount is how often an import refused something for one reason.
type RefusalCount struct {
	Problem string
	Whole   bool
	N       int
}

// Why is the reason, without what stood there in each case.
func (r *RefusalCount) Why() Problem {
	p := Problem{Code: r.Problem, Args: map[string]string{}}
	for _, name := range []string{"value", "choices", "codes", "agreement", "other", "line", "cells", "columns", "column",
		"until", "reason", "limit"} {
		p.Args[name] = "…"
	}
	return p
}

// RefusalCounts are the reasons for which an import refused rows or values, the
// most frequent first, at most 200.
func (s Bulk) RefusalCounts(ctx context.Context, id int64) (list []RefusalCount, err error) {
	err = s.reader(ctx).Raw(
		"SELECT problem, whole, count(*) AS n FROM import_refusals WHERE import_id = ? GROUP BY problem, whole ORDER BY n DESC, problem LIMIT 200", id).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("counting what import %d refused: %w", id, err)
	}
	return list, nil
}

// RefusedWords are words that an import did not understand where a closed list is
// meant, with their files and columns.
func (s Bulk) RefusedWords(ctx context.Context, id int64, limit int) (list []Refusal, err error) {
	err = s.reader(ctx).Raw(
		"SELECT DISTINCT file, name, value FROM import_refusals WHERE import_id = ? AND problem = 'choice' ORDER BY file, name, value LIMIT ?", id, limit).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("listing words of import %d: %w", id, err)
	}
	return list, nil
}
