package explain

// Message is something that was said, as the protocol in question reads it.
type Message struct {
	From    Direction // who sent these bytes
	Kind    string    // text, private, file, name, password, roster, notice, request, answer, frame: see chat.Kind
	Speaker string    // whom the bytes name as the one who said it, "" where they name nobody
	Text    string    // cleaned for people, at most 2,000 bytes
	Time    int64     // when the last of its bytes came
	Frames  []Ref     // the segments that carried it, in order, two or more where it was split; at most 64, the first and the last
	Glued   bool      // it shared its last segment with another message
}
