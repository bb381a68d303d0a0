package models

import (
	"slices"
	"time"
)

// Away tells that there is no primary at the moment: nothing can be written.
func (s Upkeep) Away() bool { return s.servers != nil && s.servers.primary.away.Load() }

// ReadOnly tells that the register can be read at the moment, from a replica, but
// not written.
func (s *Store) ReadOnly() bool {
	return s.Upkeep().Away() && slices.ContainsFunc(s.servers.replicas, func(r *server) bool { return !r.away.Load() })
}

// A ServerState tells how a database server of the register is.
type ServerState struct {
	Name    string        `json:"name"`
	Part    string        `json:"part"` // primary, or replica-1 and so on
	Primary bool          `json:"primary"`
	Away    bool          `json:"away"`
	Used    bool          `json:"used"` // readings go there
	Lag     time.Duration `json:"lag"`  // behind the primary, in nanoseconds
}

// Servers lists the PostgreSQL servers, the primary first; none on SQLite.
func (s Upkeep) Servers() (list []ServerState) {
	if s.servers == nil {
		return nil
	}
	for _, p := range s.servers.all {
		list = append(list, ServerState{p.name, p.part, p == s.servers.primary, p.away.Load(), p.usable(s.servers.most),
			time.Duration(p.lag.Load())})
	}
	return list
}
