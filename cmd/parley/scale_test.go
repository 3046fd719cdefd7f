//go:build unix && !soak

package main

// How large the long tests are in an ordinary run.
const (
	talkers    = 8
	killRounds = 3
	killAfter  = 500 // messages received
	large      = "256M"

	stormPeople   = 20
	stormMessages = 2_000
	stormKills    = 2
	stormUp       = 12 << 10  // bytes to the server before a cut, on average
	stormDown     = 160 << 10 // bytes from it
)
