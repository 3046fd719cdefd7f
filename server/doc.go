// Package server is the whole server as one value: New opens everything a Config names, Run serves until its context ends
// and then stops in order. It is where the packages that do not know each other are wired together; it holds no protocol
// and no chat rule of its own. Tests build one, run it and stop it, exactly as the command does.
package server
