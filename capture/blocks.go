package capture

import "io"

// blocks gathers the blocks of a file, and writes whole ones only, so that a capture that is killed leaves a file that
// ends between two packets.
type blocks struct {
	out    io.Writer
	buffer []byte
}

// enough is how many bytes are gathered before they are written.
const enough = 128 << 10

// Write takes a block.
func (b *blocks) Write(block []byte) (int, error) {
	b.buffer = append(b.buffer, block...)
	if len(b.buffer) < enough {
		return len(block), nil
	}
	return len(block), b.flush()
}

// flush writes what was gathered.
func (b *blocks) flush() error {
	if len(b.buffer) == 0 {
		return nil
	}
	_, err := b.out.Write(b.buffer)
	b.buffer = b.buffer[:0]
	return err
}
