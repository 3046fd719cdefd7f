//go:build soak

package files

import "testing"

// TestFourGibibytes takes 4 GiB on the disk for a while.
func TestFourGibibytes(t *testing.T) { streamThrough(t, 4<<30) }
