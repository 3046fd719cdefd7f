package parley

// MaxPage is the most that one page of history holds.
const MaxPage = 1000

// Page says which messages of a room are asked for: those with a number over After and under Before, at most Limit and at
// most MaxPage of them. The next page begins at the last number of this one; an empty page is the end.
type Page struct {
	After  Seq
	Before Seq  // 0 for no end
	Limit  int  // 0 or less gives none
	Newest bool // the newest first, instead of the oldest
}
