//go:build unix && !soak

package main

// How large the long tests are in an ordinary run.
const (
	talkers    = 8
	killRounds = 3
	killAfter  = 500 // messages received
	large      = "256M"
)
