package main

import (
	"crypto/tls"

	"github.com/spf13/cobra"

	"parley"
	"parley/certs"
	"parley/client"
)

// trust is how a server's certificate is verified.
type trust struct {
	caFile   string
	insecure bool
}

// addFlags adds the flags for it.
func (t *trust) addFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&t.caFile, "ca", "", "with TLS: trust only who is certified by this PEM `FILE`")
	cmd.Flags().BoolVar(&t.insecure, "insecure", false, "with TLS: trust whoever answers")
	exclude(cmd, "ca", "insecure")
}

// check refuses flags that are of no use.
func (t trust) check(target client.Target) error {
	if !target.TLS && (t.caFile != "" || t.insecure) {
		return usage("--ca and --insecure are for TLS: write https://, plain+tls:// or roster+tls://")
	}
	return nil
}

// config gives the configuration for connections to target, nil without TLS. Notice takes what the person should know. A
// file for --ca that is of no use is wrong usage.
func (t trust) config(target client.Target, notice func(string)) (*tls.Config, error) {
	if err := t.check(target); err != nil || !target.TLS {
		return nil, err
	}
	options := certs.ClientOptions{Address: target.Address(), CAFile: t.caFile, Insecure: t.insecure, Notice: notice}
	var err error
	if t.caFile == "" && !t.insecure {
		if options.PinsFile, err = configFile("known_servers"); err != nil {
			return nil, err
		}
	}
	config, err := certs.ClientConfig(options)
	if t.caFile != "" && parley.CodeOf(err) == parley.CodeInvalid {
		return nil, &exitError{status: statusUsage, err: err}
	}
	return config, err
}
