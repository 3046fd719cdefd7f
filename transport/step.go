package transport

// Step is a part of serving a connection. It returns the next one, or nil when the connection is done with.
//
// Each runs on a stack of its own. A stack that has grown stays grown, and most of what an idle connection costs is the stack on
// which it waits; so whoever serves thousands waits in one step, by Wait alone, and works in the next.
type Step func() Step

// run takes a step on a connection, and has the next one taken in a goroutine of its own.
func (l *Listener) run(c *Conn, step Step) {
	if next := step(); next != nil {
		go l.run(c, next)
		return
	}
	l.finish(c)
}

// finish ends a connection, and waits for the end.
func (l *Listener) finish(c *Conn) {
	c.Close(nil)
	<-c.Done()
	l.clients.remove(c, c.RemoteAddr().Addr())
	l.freeSeat()
	l.serving.Done()
}
