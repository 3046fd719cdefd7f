// Package packet reads what is inside captured packets, from the link up to TCP, UDP and ICMP. Packets are anything that somebody
// put on a network: what their headers claim is held against what is there.
package packet
