// Package discovery lets a server be found on the local network: DNS-SD (RFC 6763) over multicast DNS (RFC 6762). The
// server's side begins with Open, whoever looks for servers with Find, and Addresses tells by which addresses this
// machine is reached.
//
// It answers for one service alone and over IPv4 alone, where the listeners of `parley serve --lan` are. It is no
// general resolver, and does not follow interfaces that come and go: those are used that were there at the beginning.
// What it finds is what somebody on the network claims, and proves nothing.
package discovery
