package seal

// Reads is how often the ring has read its file anew.
func (r *Ring) Reads() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.reads
}
