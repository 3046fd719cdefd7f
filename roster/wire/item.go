package wire

// ItemKind says what an Item is.
type ItemKind uint8

// The kinds of Item.
const (
	// ItemText is a text. From is who said it, "" where no name stands before it: the server itself. Private says that
	// nobody else got it.
	ItemText ItemKind = iota
	// ItemRoster is a roster, which replaces the one before: Roster.
	ItemRoster
	// ItemIgnored is something that started as a roster and is none. Text is a sentence that says so.
	ItemIgnored
)

// Item is one thing that a server sent. Its texts and names are clean (see parley.CleanText); a text of a server of another
// make can have several lines.
type Item struct {
	Kind    ItemKind
	From    string
	Private bool
	Text    string
	Roster  Roster
}
