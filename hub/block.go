package hub

import "parley"

// block is a batch of items in one form: encoded once, shared by everyone who reads that form, never changed and never
// used again, so that a connection may keep slices of it for as long as it likes.
type block struct {
	bytes []byte
	ends  []int // where each item's bytes end
}

// encode makes a block of items. It is empty when the form shows none of them.
func encode(form Form, items []Item) block {
	b := block{ends: make([]int, len(items))}
	for i := range items {
		b.bytes = form.AppendItem(b.bytes, &items[i])
		b.ends[i] = len(b.bytes)
	}
	return b
}

// appendWithout appends to parts the slices of b that leave out the items which skip names.
func (b block) appendWithout(parts [][]byte, skip func(item int) bool) [][]byte {
	from, start := 0, 0
	for i, end := range b.ends {
		if skip(i) {
			if start > from {
				parts = append(parts, b.bytes[from:start])
			}
			from = end
		}
		start = end
	}
	if start > from {
		parts = append(parts, b.bytes[from:start])
	}
	return parts
}

// size gives how many bytes an item has.
func (b block) size(item int) int {
	if item == 0 {
		return b.ends[0]
	}
	return b.ends[item] - b.ends[item-1]
}

// span is a range of numbers in a room: after < n <= last. It is empty for what has no number.
type span struct{ after, last parley.Seq }
