package wire

import "strings"

// What stands in a text for what plain has no format for.
const (
	// EditMark begins each line of a text that takes the place of one said before.
	EditMark = "[edit] "
	// DeletedText is the text of a message that says that one was deleted.
	DeletedText = "[deleted a message]"
)

// EditText gives the text that shows a message as it reads now: EditMark before each of its lines.
func EditText(text string) string {
	return EditMark + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+EditMark)
}

// AppendNotice writes a word about the room. It is one clean line.
func AppendNotice(dst []byte, words string) []byte {
	return append(append(append(dst, "* "...), words...), '\n')
}
