package wire

import "strings"

// What stands in a text for what roster has no format for.
const (
	// EditMark begins each line of a text that takes the place of one said before.
	EditMark = "[edit] "
	// DeletedText is the text of a message that says that one was deleted.
	DeletedText = "[deleted a message]"
)

// EditText gives the text that shows a message as it reads now: EditMark before each of its lines that is not blank.
func EditText(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			b.WriteString(EditMark)
			b.WriteString(line)
		}
	}
	return b.String()
}
