// Command bench loads a Parley server over loopback and tells how fast it is: deliveries per second and CPU per
// delivery with few and with many messages in flight, latency at a fixed rate, and resident memory per idle connection.
//
//	go run ./bench                                 builds ./cmd/parley, runs it on a free port, measures everything
//	go run ./bench -server ./parley -data /disk    runs that binary, with its data on a disk of your choice
//	go run ./bench -address 127.0.0.1:8001 -door plain -pid 1   measures a listener that runs already
//	go run ./bench -only window -window 64         one measurement
//
// It comes by one door after the other, and compares them: plain:// (text over TCP, one message a line), and the WebSocket of
// http://. It stands for all people in the room at once: one thread, one epoll loop, one buffer. Reading has to cost less
// than what is measured, so in full runs it counts line ends, or looks at how each frame begins, and at nothing else;
// -verify reads every message and holds it against what was sent, which the tests use.
//
// A message is in flight from being sent until every other connection has it. With a window of W there are never more
// than W, sent in turn by W of the connections. At a fixed rate messages are sent on time whether or not those before
// have arrived, and each is stamped with the moment it was due, so that a server that stalls is charged for all it held
// up.
//
// How many deliveries one read brings tells how well the server gathers messages into writes: with W in flight it can
// be W.
//
// Client and server share the machine's cores; the CPU of both is told. Durable means a disk: where the data directory
// is on a tmpfs, syncing costs nothing and the figures say so only to who knows. It runs on Linux alone.
package main
