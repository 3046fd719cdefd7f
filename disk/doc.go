// Package disk answers two questions about a disk: how much room is left on it, and whether an error means that there
// is none. Whoever stores something asks before it writes, so that a full disk is an answer and not an accident.
package disk
