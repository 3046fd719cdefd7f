// Package metrics shows a server's figures in the text format of Prometheus: New makes the handler of /metrics from a
// function that takes the figures when they are asked for.
//
// It counts nothing itself: what there is to count is counted where it happens, by packages that do not know of this one.
// No label carries anything that people have chosen or that says who or where they are: each has a closed set of values,
// but for the listeners', which the operator has named.
//
// A name, once given to a figure, stays; docs/operating.md has all of them.
package metrics
