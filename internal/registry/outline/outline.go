// Package outline reads outlines of areas from GeoJSON, judges them against each other, and stores them. The register
// itself answers where the outlines lie.
//
// The register's store writes what it loads.
package outline

import (
	"embed"

	"linli/internal/platform/module"
	"linli/internal/registry"
)

// Service loads and judges outlines.
type Service struct{ Register *registry.Service }

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

// Module is what the room brings.
func (s *Service) Module() module.Module {
	return module.Module{Name: "registry/outline", Reach: reach, Texts: Texts, Routes: s.routes}
}
