package handlers

// The handlers of each part of the register stand on a type of their own, with what
// all of them need of the server.

// signInPages sign people in and out: by a password, a second factor, a passkey, a
// link, or elsewhere.
type signInPages struct{ *Server }

func (s *Server) signInPages() signInPages { return signInPages{s} }

// adminPages are for accounts, one's own and all, for settings and for webhooks.
type adminPages struct{ *Server }

func (s *Server) adminPages() adminPages { return adminPages{s} }

// agreementPages are for agreements: to read, record, change and withdraw them,
// with their documents and reports.
type agreementPages struct{ *Server }

func (s *Server) agreementPages() agreementPages { return agreementPages{s} }

// proposalPages are for changes that wait for an editor.
type proposalPages struct{ *Server }

func (s *Server) proposalPages() proposalPages { return proposalPages{s} }

// importPages are for operations over many records: imports, edits, merges, their
// undoing.
type importPages struct{ *Server }

func (s *Server) importPages() importPages { return importPages{s} }

// partyPages are for parties, people and meetings.
type partyPages struct{ *Server }

func (s *Server) partyPages() partyPages { return partyPages{s} }

// readingPages are what is read from the register: pairs, timelines, pictures,
// searches, exports.
type readingPages struct{ *Server }

func (s *Server) readingPages() readingPages { return readingPages{s} }

// systemPages are for programs that watch the register, and the description of its
// API.
type systemPages struct{ *Server }

func (s *Server) systemPages() systemPages { return systemPages{s} }
