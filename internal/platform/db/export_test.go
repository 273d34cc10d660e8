package db

// Waiting tells how many writes stand in the writer's queue.
func (d *DB) Waiting() int { return len(d.writer.queue) }
