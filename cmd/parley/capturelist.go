package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"parley"
	"parley/capture"
)

// listInterfaces shows what there is to capture on.
func listInterfaces(out io.Writer) error {
	all, err := capture.Interfaces()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tSTATE\tWHAT IT IS\tADDRESSES")
	for _, i := range all {
		state := "down"
		if i.Up {
			state = "up"
		}
		addresses := make([]string, len(i.Addresses))
		for n, a := range i.Addresses {
			addresses[n] = a.String()
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", parley.CleanLine(i.Name), state, i.What, strings.Join(addresses, ", "))
	}
	return table.Flush()
}
