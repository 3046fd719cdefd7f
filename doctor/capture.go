package doctor

// capture looks whether this program may read packets off an interface, which nothing else needs than capturing.
func (m Machine) capture() []Finding {
	may, known, why := mayCapture()
	if !known {
		return []Finding{unseen("", why)}
	}
	return []Finding{m.judgeCapture(may, why)}
}

// judgeCapture judges that right. Without it everything but capturing works.
func (m Machine) judgeCapture(may bool, why string) Finding {
	if may {
		return fine("", "packets may be captured")
	}
	return about("", Warn, "packets may not be captured, which capturing alone needs: "+why, by{
		linux:   "sudo setcap cap_net_raw=+ep " + m.program(),
		darwin:  "sudo chown " + whoami() + " /dev/bpf*   # until the next start",
		windows: "",
	}.on(m.system()))
}
