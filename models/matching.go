package models

import (
	"fmt"
	"slices"

	"gorm.io/gorm"
)

// match finds the record that each agreement is of.
func (s Bulk) match(tx *gorm.DB, r *resolver, list []Incoming, plans []pendingChange) (matched []int64, err error) {
	byURL, err := recordsBySource(tx, list)
	if err != nil {
		return nil, err
	}
	for i, in := range list {
		p := &plans[i]
		p.Number = in.Number
		for _, e := range in.Draft.ExternalIDs {
			id := r.taken[ExternalID{Scheme: e.Scheme, Value: e.Value}]
			if id != 0 && p.Number != 0 && id != p.Number {
				p.refuse("external_ids", "import_two", "value", e.Value, "agreement", fmt.Sprint(id), "other", fmt.Sprint(p.Number))
			} else if id != 0 {
				p.Number = id
			}
		}
		if in.ByURL && p.Number == 0 {
			for _, source := range in.Draft.Sources {
				if id := byURL[source.URL]; id < 0 {
					p.refuse("source_url", "import_url", "value", source.URL)
				} else if id > 0 && p.Number == 0 {
					p.Number = id
				}
			}
		}
		if p.Number > 0 {
			matched = append(matched, p.Number)
		}
	}
	return unique(matched), nil
}

// recordsBySource finds the records that have the addresses of sources by which
// agreements are to be known; -1 where several have one.
func recordsBySource(tx *gorm.DB, list []Incoming) (map[string]int64, error) {
	byURL := map[string]int64{}
	var urls []string
	for _, in := range list {
		if in.ByURL && in.Number == 0 {
			for _, source := range in.Draft.Sources {
				if source.URL != "" {
					urls = append(urls, source.URL)
				}
			}
		}
	}
	for chunk := range slices.Chunk(urls, 400) { // SQLite takes 999 parameters
		var rows []struct {
			URL string
			ID  int64
			N   int
		}
		err := tx.Raw(`SELECT s.url, min(s.agreement_id) AS id, count(DISTINCT s.agreement_id) AS n
			FROM sources s JOIN agreements a ON a.id = s.agreement_id
			WHERE s.url IN ? AND a.withdrawn_at IS NULL GROUP BY s.url`, chunk).Scan(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("looking up sources: %w", err)
		}
		for _, row := range rows {
			if byURL[row.URL] = row.ID; row.N > 1 {
				byURL[row.URL] = -1
			}
		}
	}
	return byURL, nil
}

// loadRelated looks up the agreements that relations name by their identifiers.
func (r *resolver) loadRelated(list []Incoming) error {
	byScheme := map[string][]string{}
	for _, in := range list {
		for _, rel := range in.Relations {
			byScheme[rel.Scheme] = append(byScheme[rel.Scheme], rel.Value)
		}
	}
	if err := r.loadExternal(byScheme); err != nil {
		return err
	}
	var ids []int64
	for scheme, values := range byScheme {
		for _, v := range values {
			if id := r.taken[ExternalID{Scheme: scheme, Value: v}]; id > 0 {
				ids = append(ids, id)
			}
		}
	}
	return r.loadTargets(unique(ids))
}
