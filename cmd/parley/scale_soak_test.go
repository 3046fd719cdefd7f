//go:build unix && soak

package main

// How large the long tests are in `make soak`.
const (
	talkers    = 20
	killRounds = 25
	killAfter  = 20_000 // messages received
	large      = "4097M"

	stormPeople   = 20
	stormMessages = 100_000
	stormKills    = 10
	stormUp       = 32 << 10 // bytes to the server before a cut, on average
	stormDown     = 1 << 20  // bytes from it
)
