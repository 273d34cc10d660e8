package httpx

import (
	"context"
	"log/slog"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/sheet"
)

// Table streams a table as a file of the given name (without its ending) and format, csv or xlsx: rows are written as they are made. Where
// writing fails half-way, the connection is cut, so that the caller sees that the file is not whole.
func Table(ctx context.Context, name, format string, write func(row func(...string) error) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", sheet.MediaTypes[format])
		hc.SetHeader("Cache-Control", "private, no-store")
		hc.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + "." + format}))
		table, err := sheet.NewTable(hc.BodyWriter(), format)
		if err == nil {
			err = write(table.Row)
		}
		if err == nil {
			err = table.Close()
		}
		if err != nil {
			slog.ErrorContext(ctx, "export failed", "error", err)
			panic(http.ErrAbortHandler)
		}
	}}
}
