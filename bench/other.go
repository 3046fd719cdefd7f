//go:build !linux

package main

import (
	"fmt"
	"os"
)

// main says why there is nothing to run: the load comes from an epoll loop, and the server's CPU and memory from /proc.
func main() {
	fmt.Fprintln(os.Stderr, "bench runs on Linux only: it needs epoll and /proc")
	os.Exit(2)
}
