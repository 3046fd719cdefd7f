// Package transfer sends files and folders to a Parley server and gets them from there, so that running the same again goes on
// where it was broken off, by whatever: a cut, Ctrl-C, kill -9, a server that was started again.
//
// Open makes a Source of a path, a Sender sends it; a Getter gets what has a name. A folder travels as one file, a tar archive
// that is never written down on the sender's side. Nothing is shown here: whoever calls is told how far it has come, and a Board
// can show that. What comes is put only where nothing is, and only under names that every system takes for one.
package transfer
