// Package files keeps what people send: each content once, under its SHA-256, whatever it is called. And it offers
// the files of a folder for reading.
//
// Use Store for files that arrive: Create checks whether there is room for what was announced, Write streams, Commit
// makes it last, Keep or Drop says whether the event that names it was posted. After Commit the content is on the disk
// for good, so the event may follow; what was not committed, or dropped, leaves nothing behind. What a crash leaves of
// either, Open and Sweep remove. For one that comes in pieces Begin keeps room, Resume gives a turn at it, Note makes a
// piece last, and Finish is as Commit; it goes on where it was after a crash, and Expire removes it in time.
//
// Use Share for a folder that belongs to somebody else; nothing outside it can be reached and nothing in it is changed.
//
// No name that a person chose is ever part of a path here. Memory does not grow with the size of a file.
package files
