package wire

// FileReceipt answers a file that was sent: it is kept, and the room has been told.
type FileReceipt struct {
	Receipt
	File File `json:"file"`
}
