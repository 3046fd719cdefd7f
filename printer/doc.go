// Package printer writes to a terminal or a log that may be slow or not read at all (a pager that was stopped, a full
// disk), and makes nobody wait for it: what is printed goes through a bounded queue, and what there is no room for is
// left out, and counted where it is missing.
//
// Make a Printer with New, begin with Start, print with Send or Write from any goroutine, and end with Close. It writes
// what it is given and knows nothing of it but where lines end.
package printer
