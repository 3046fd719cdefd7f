// Package doctor finds out why a chat does not work: what is wrong on the machine of a server, or between a client and
// a server, and what to do about it. Machine looks at this machine as a server would use it, Visit goes to a server as
// a client would; both give Checks, and Run runs them, from the bottom up and side by side where they can.
//
// A check first observes and then judges; the judging is in functions of their own, so that what a test cannot break
// for real can at least be judged. Nothing on the machine is changed: no file is made, nobody is pinned, and a port is
// opened only to be given back. What this user may not see is said, as skipped, and is never an error. Why it is built
// so, and what cannot be seen at all, stands in DESIGN.md beside this file.
package doctor
