//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// process is a running server, as /proc shows it (proc(5)).
type process int

// clockTick is the unit of times in /proc/PID/stat; on every architecture that Go runs on, Linux shows hundredths.
const clockTick = time.Second / 100

// cpu gives the processor time that the process has used, all its threads together, in steps of clockTick.
func (p process) cpu() (time.Duration, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", int(p)))
	if err != nil {
		return 0, err
	}
	return parseStat(data)
}

// parseStat adds user and system time, the 14th and 15th field. The 2nd is the program's name in parentheses and may
// hold anything, spaces and parentheses too.
func parseStat(data []byte) (time.Duration, error) {
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	const user, system = 14 - 3, 15 - 3
	if len(fields) <= system {
		return 0, fmt.Errorf("not a stat file: %.100q", data)
	}
	var ticks int64
	for _, field := range []string{fields[user], fields[system]} {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("not a stat file: %w", err)
		}
		ticks += n
	}
	return time.Duration(ticks) * clockTick, nil
}

// resident gives the bytes of the process that are in memory.
func (p process) resident() (int64, error) { return p.status("VmRSS") }

// peak gives the most bytes of the process that ever were in memory.
func (p process) peak() (int64, error) { return p.status("VmHWM") }

// status gives a size of /proc/PID/status.
func (p process) status(name string) (int64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", int(p)))
	if err != nil {
		return 0, err
	}
	return parseStatus(string(data), name)
}

func parseStatus(text, name string) (int64, error) {
	for line := range strings.SplitSeq(text, "\n") {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("no %s in the status of the process: %.100q", name, text)
}
