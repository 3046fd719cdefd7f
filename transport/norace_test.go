//go:build !race

package transport

// raceDetector says that memory figures mean nothing: the race detector multiplies them.
const raceDetector = false
