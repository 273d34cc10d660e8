package db

// Shard is the six-digit county in which a root row is born; it leads the primary key of all
// that grows with the people and never changes. What belongs to a whole city is kept under
// the city's own six digits, e.g. 320700.
func Shard(area string) string {
	const whole = "000000"
	if len(area) >= len(whole) {
		return area[:len(whole)]
	}
	return area + whole[len(area):]
}

// ShardOf reads the shard that a sharded id carries in front, or "" from anything else.
func ShardOf(id string) string {
	if len(id) > 7 && id[6] == '-' {
		return id[:6]
	}
	return ""
}
