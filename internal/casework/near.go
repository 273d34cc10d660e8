package casework

import (
	"fmt"
	"math"
)

// A cell is a box of about two hundred metres, by which what lies near a point is found.
const (
	cellDegrees = 0.002
	metreDegree = 111_320.0 // metres of a degree of latitude
)

func cellWord(x, y int) string { return fmt.Sprintf("%s%dn%d", cellSign, x, y) }

func cellOf(p *Place) string {
	if p.Lng == nil || p.Lat == nil {
		return ""
	}
	return cellWord(cellX(*p.Lng), cellY(*p.Lat))
}

func cellX(lng float64) int { return int(math.Floor((lng + 180) / cellDegrees)) }
func cellY(lat float64) int { return int(math.Floor((lat + 90) / cellDegrees)) }
