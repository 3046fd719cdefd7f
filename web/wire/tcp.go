package wire

// TCP is what the server's kernel knows of a connection (tcp(7), TCP_INFO), counted since it began.
type TCP struct {
	RTT              int64 `json:"rtt"`                      // smoothed round-trip time, in microseconds
	RTTVariance      int64 `json:"rtt_variance"`             // in microseconds
	Retransmissions  int64 `json:"retransmissions"`          // segments that were sent again
	Unacknowledged   int64 `json:"unacknowledged"`           // segments that are on their way to the client
	CongestionWindow int64 `json:"congestion_window"`        // segments that may be on their way
	SendWindow       int64 `json:"send_window,omitempty"`    // bytes that the client offers to take; left out where the kernel does not tell
	ReceiveWindow    int64 `json:"receive_window,omitempty"` // bytes that the server offers to take; left out where the kernel does not tell
	ReceiveSpace     int64 `json:"receive_space"`            // bytes that the kernel has set aside for what the client sends
	BytesSent        int64 `json:"bytes_sent"`               // to the client, those that were sent again counted again
	BytesAcked       int64 `json:"bytes_acked"`              // that the client's kernel has
	BytesReceived    int64 `json:"bytes_received"`           // from the client
	LastSent         int64 `json:"last_sent"`                // milliseconds since data was sent
	LastReceived     int64 `json:"last_received"`            // milliseconds since data came
}
