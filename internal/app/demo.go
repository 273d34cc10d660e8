package app

import "context"

// OpenDemo opens a demo city, loading it first where there is none yet.
func OpenDemo(ctx context.Context, o Options) (*App, error) { return Open(ctx, o) }
