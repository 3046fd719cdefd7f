// Package hub is the live half of the server: who is connected, in which rooms, and how what happens in a room reaches
// everyone in it. It knows no wire and no disk. A protocol package connects a Session with a Form (how that protocol
// shows things) and an Outbox (where the bytes go), and calls Do, or Post where it knows only texts; the journal gives
// every event its number, makes it durable and hands it back to Deliver, which encodes each batch once for every form
// and passes the finished block to everyone who reads that form. Join gives a session the past of a room and then what
// happens, without gap or double. Who comes, goes and types is told as it happens, and kept nowhere.
//
// What somebody may do is decided where events are applied. The hub asks the rules only about who may be in a room, and
// does what follows from an event for those who are connected: whoever was sent out is out, once that was shown.
//
// One mutex, the hub's, guards the directory and the order: a block, an arrival and a departure enter every delivery
// worker's queue in the order in which the mutex was held. From there each connection belongs to one worker, which
// alone touches its delivery state, so that all cores write and nothing is delivered after a departure. Workers never
// take the mutex and an Outbox never blocks, so a full queue always empties: whoever fills it, the journal included,
// waits a moment.
//
// See DESIGN.md for the reasons.
package hub
