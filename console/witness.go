package console

import (
	"parley"
	"parley/hub"
)

// Saw shows a text that goes to nobody else, such as what a listener answers by itself, as a message is shown. It may be
// called from any goroutine and never blocks.
func (c *Console) Saw(from hub.Person, text string) {
	message := parley.Message{By: parley.Sender{ID: from.ID, Name: from.Shown}, Text: text}
	event := parley.MessagePosted{Message: message}
	item := hub.Item{Kind: hub.ItemEvent, Room: c.config.Rooms[0], Event: event, Person: from}
	c.printer.Send([][]byte{c.form.AppendItem(nil, &item)})
}
