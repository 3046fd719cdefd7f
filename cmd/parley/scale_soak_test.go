//go:build unix && soak

package main

// How large the long tests are in `make soak`.
const (
	talkers    = 20
	killRounds = 25
	killAfter  = 20_000 // messages received
	large      = "4097M"
)
