package handlers

import (
	"context"

	"chancery/frontend/locales"
	"chancery/models"
)

// mail writes to an account in its language; without a mailer or an address nothing
// is sent.
func (s *Server) mail(ctx context.Context, a *models.Account, message string, values ...any) error {
	if s.config.Mail == nil || a.Email == "" {
		return nil
	}
	speaker := locales.Of(a.Language)
	return s.config.Mail(ctx, a.Email, speaker.T(message+".subject", values...),
		speaker.T(message, append(values, "Name", a.Name)...))
}
