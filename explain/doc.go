// Package explain reads captures and tells what happened in them: the connections and conversations, how each began and ended, what
// was lost and sent again, and who held whom back. Every fact names the packets that show it.
package explain
