package files

// dontWait is a flag for opening, of which there is no need here: named pipes have a place of their own.
const dontWait = 0
