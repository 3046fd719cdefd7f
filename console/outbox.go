package console

import "parley"

// outbox is the console as the hub sends to it.
type outbox struct{ console *Console }

// Send shows what happens.
func (o outbox) Send(parts [][]byte) { o.console.printer.Send(parts) }

// Close says why the operator's place in the chat has ended; what the console says itself is still shown.
func (o outbox) Close(reason error) { o.console.tell("* closed: ", parley.Sentence(reason)) }
