package capture

import "parley/capture/pcap"

// source is an interface that is being captured on. Each system has one, made by openSource.
type source interface {
	// link says what its packets begin with.
	link() pcap.LinkType
	// run gives each packet to take, whose data it may use until it returns, and calls pause whenever there are none for
	// now. It ends after stop, when what had come until then is taken, or with the first error of either.
	run(take func(pcap.Packet) error, pause func() error) error
	// stop makes run end. It may be called from any goroutine, more than once.
	stop()
	// counts are what the system has counted since the source was opened: packets that were chosen, and those of them that
	// were lost because they were not taken in time.
	counts() (received, dropped uint64)
	// close gives everything back. It comes after run, or without it.
	close()
}
