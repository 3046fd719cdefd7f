package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/web/wire"
)

// watchEvery is how often --watch asks.
const watchEvery = time.Second

// newConnectionsCommand makes the command that lists who is connected.
func newConnectionsCommand() *cobra.Command {
	where := serverFlags{known: true}
	var watch bool
	cmd := &cobra.Command{
		Use:   "connections [URL]",
		Short: "list who is connected, and what the kernel knows of each connection",
		Long: `Connections lists who is connected to a server, on every protocol, by name. It is for moderators and owners.

Of each TCP connection it says what the kernel of the server's machine knows, on Linux, without any capture:

  RTT       the round-trip time, smoothed: how long the client's machine takes to acknowledge
  RESENT    how many segments were sent again
  WINDOW    how many bytes the server offers to take, or has set aside where an older kernel does not tell
  SENT      bytes to the client
  RECEIVED  bytes from the client

A hyphen stands where nothing is known: over UDP there are no connections, and other systems do not tell. --json
tells more. Without a URL it is that of the server where you logged in last.`,
		Example: `  parley connections
  parley connections http://127.0.0.1:7275 --watch
  parley connections --json | jq 'select(.tcp.retransmissions > 0)'`,
		Args: argumentsBetween(0, 1, "[URL]"),
	}
	ask := scripted(&where, func(ctx context.Context, s *script, _ []string) error { return s.connections(ctx, watch) })
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			where.url = args[0]
		}
		return ask(cmd, args)
	}
	cmd.Flags().BoolVarP(&watch, "watch", "w", false, "again every second, until Ctrl-C")
	where.addFlags(cmd)
	return cmd
}

// connections lists them, once or again and again until ctx ends.
func (s *script) connections(ctx context.Context, watch bool) error {
	ticks := time.NewTicker(watchEvery)
	defer ticks.Stop()
	for first := true; ; first = false {
		list, err := s.api.Connections(ctx)
		if err == nil {
			err = s.showConnections(list, watch, first)
		}
		if watch && ctx.Err() != nil {
			return nil
		}
		if err != nil || !watch {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
		}
	}
}

// showConnections writes a list. On a terminal that is watched it takes the place of the one before.
func (s *script) showConnections(list []wire.Connection, watch, first bool) error {
	if s.json {
		return tellAll(s, list, nil, func(wire.Connection) string { return "" })
	}
	lead := ""
	switch {
	case watch && isTerminal(s.out):
		lead = "\x1b[H\x1b[2J" // to the top, and nothing there
	case watch && !first:
		lead = "\n"
	}
	_, err := io.WriteString(s.out, lead+connectionTable(list))
	return err
}

// The columns of the table that are made narrower where it would be wider than 80, and how narrow they may become.
const (
	nameColumn, leastName       = 0, 8
	addressColumn, leastAddress = 2, 20
	tableWidth                  = 80
)

// connectionTable writes a list as a table.
func connectionTable(list []wire.Connection) string {
	rows := [][]string{{"NAME", "PROTOCOL", "ADDRESS", "RTT", "RESENT", "WINDOW", "SENT", "RECEIVED"}}
	for i := range list {
		rows = append(rows, connectionRow(&list[i]))
	}
	widths := columnWidths(rows)
	var b strings.Builder
	for _, row := range rows {
		for column, cell := range row {
			if column > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(fitCell(cell, widths[column], column > addressColumn))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// columnWidths gives how wide each column is to be.
func columnWidths(rows [][]string) []int {
	widths := make([]int, len(rows[0]))
	total := len(widths) - 1 // spaces
	for column := range widths {
		for _, row := range rows {
			widths[column] = max(widths[column], len([]rune(row[column])))
		}
		total += widths[column]
	}
	for _, narrow := range [][2]int{{nameColumn, leastName}, {addressColumn, leastAddress}} {
		if spare := min(total-tableWidth, widths[narrow[0]]-narrow[1]); spare > 0 {
			widths[narrow[0]] -= spare
			total -= spare
		}
	}
	return widths
}

// fitCell makes a cell as wide as its column.
func fitCell(cell string, width int, right bool) string {
	if letters := []rune(cell); len(letters) > width {
		return string(letters[:width-1]) + "…"
	}
	if right {
		return fmt.Sprintf("%*s", width, cell)
	}
	return fmt.Sprintf("%-*s", width, cell)
}

// connectionRow gives the cells of a connection.
func connectionRow(c *wire.Connection) []string {
	protocol, _, _ := strings.Cut(c.Listener, "://")
	row := []string{c.Name, protocol, c.Address}
	for i, cell := range row {
		if cell == "" {
			row[i] = "-"
		}
	}
	if c.TCP == nil {
		return append(row, "-", "-", "-", "-", "-")
	}
	window := c.TCP.ReceiveWindow
	if window == 0 {
		window = c.TCP.ReceiveSpace
	}
	return append(row, shortTime(c.TCP.RTT), strconv.FormatInt(c.TCP.Retransmissions, 10), shortSize(window),
		shortSize(c.TCP.BytesSent), shortSize(c.TCP.BytesReceived))
}

// shortTime gives microseconds in the unit that they are read best in.
func shortTime(microseconds int64) string {
	switch {
	case microseconds < 1000:
		return fmt.Sprintf("%d µs", microseconds)
	case microseconds < 10_000:
		return fmt.Sprintf("%.1f ms", float64(microseconds)/1000)
	case microseconds < 1_000_000:
		return fmt.Sprintf("%d ms", microseconds/1000)
	}
	return fmt.Sprintf("%.1f s", float64(microseconds)/1e6)
}

// shortSize gives a number of bytes in the unit that it is read best in.
func shortSize(bytes int64) string {
	if bytes < 1000 {
		return fmt.Sprintf("%d B", bytes)
	}
	value, unit := float64(bytes), 0
	for value >= 999.5 && unit < 6 {
		value /= 1 << 10
		unit++
	}
	if value < 9.95 {
		return fmt.Sprintf("%.1f %ciB", value, "BKMGTPE"[unit])
	}
	return fmt.Sprintf("%.0f %ciB", value, "BKMGTPE"[unit])
}
