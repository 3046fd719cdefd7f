package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// exclude has cmd refuse the flags a and b together, which is wrong usage. It comes behind whatever sets PreRunE. Cobra,
// which is told too so that completion leaves out one after the other, would say it in words of its own.
func exclude(cmd *cobra.Command, a, b string) {
	cmd.MarkFlagsMutuallyExclusive(a, b)
	before := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if cmd.Flags().Changed(a) && cmd.Flags().Changed(b) {
			return fmt.Errorf("--%s and --%s exclude one another", a, b)
		}
		if before == nil {
			return nil
		}
		return before(cmd, args)
	}
}
