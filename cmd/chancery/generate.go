package main

import (
	"context"

	"chancery/exchange"
)

type generateCommand struct {
	Agreements int `help:"How many." default:"75000" placeholder:"N"`
}

func (c *generateCommand) Run(ctx context.Context, line *commandLine) error {
	store, err := line.open(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	return exchange.Generate(ctx, store, c.Agreements)
}
