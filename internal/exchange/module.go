package exchange

import (
	"context"

	"linli/internal/platform/module"
	"linli/internal/wiring"
)

// Module are data elements and forms for communities.
func Module() wiring.Module {
	return wiring.Module{Name: "exchange", Texts: Texts, Rules: Rules, Start: start}
}

func start(context.Context, *wiring.Deps) (module.Module, error) {
	return module.Module{Name: "exchange"}, nil
}
