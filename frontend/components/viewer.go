package components

import (
	"context"

	"chancery/models"
)

// A Viewer is whoever looks at a page, and what the page may offer to them.
type Viewer struct {
	Account       *models.Account // nil is nobody
	First         bool            // holds the secret of the first start: there is no administrator yet
	Nobody        bool            // nor is there anybody who can sign in, and this is somebody else
	MayDraft      bool
	MayPublish    bool
	MayAdminister bool
	Waiting       int // what waits for them: proposals to decide on, or answers to their own
}

type viewerKey struct{}

// WithViewer makes a context in which somebody looks at pages.
func WithViewer(ctx context.Context, v *Viewer) context.Context {
	return context.WithValue(ctx, viewerKey{}, v)
}

// Viewing is who looks at a page.
func Viewing(ctx context.Context) *Viewer {
	if v, ok := ctx.Value(viewerKey{}).(*Viewer); ok {
		return v
	}
	return &Viewer{}
}
