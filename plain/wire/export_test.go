package wire

// Held is how many bytes of memory the framer holds besides itself.
func (f *Framer) Held() int { return cap(f.buf) + len(f.in) }

// ByLines is whether only newlines end a message from now on.
func (f *Framer) ByLines() bool { return f.LinesOnly || f.lines }
