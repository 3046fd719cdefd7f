package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parley/capture"
	"parley/capture/pcap"
	"parley/explain"
)

// startCapture starts `parley capture` and waits until it captures.
func startCapture(t *testing.T, args ...string) (process *exec.Cmd, out io.Reader) {
	t.Helper()
	if err := capture.Allowed(); err != nil {
		t.Skipf("not run: %v", err)
	}
	process = exec.Command(binary, append([]string{"capture"}, args...)...)
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	told, err := process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(told).ReadString('\n'); !strings.HasPrefix(line, "Capturing on ") {
		t.Fatalf("%q, %v", line, err)
	}
	return process, out
}

// echo is a conversation over TCP on loopback, of rounds in which a few bytes go and come back.
func echo(t *testing.T, listener net.Listener, rounds int) {
	t.Helper()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	other, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for n := range rounds {
		if _, err := fmt.Fprintf(conn, "message %3d", n); err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(other, io.LimitReader(other, 11), 11); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(conn, make([]byte, 11)); err != nil {
			t.Fatal(err)
		}
	}
}

func listening(t *testing.T) (listener net.Listener, port string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	_, port, _ = net.SplitHostPort(listener.Addr().String())
	return listener, port
}

// What explain reads in a capture is what tshark reads.
func TestExplainAndTsharkReadTheSameCapture(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("not run: there is no tshark")
	}
	listener, port := listening(t)
	file := filepath.Join(t.TempDir(), "echo.pcapng")
	process, _ := startCapture(t, "-o", file, "--port", port)
	echo(t, listener, 50)
	if err := process.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := process.Wait(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lab, err := explain.Read(explain.Options{}, explain.Source{Name: file, Content: bytes.NewReader(content)})
	if err != nil || lab.Files[0].Broken != nil {
		t.Fatal(err, lab.Files[0].Broken)
	}
	out, err := exec.Command("tshark", "-r", file, "-T", "fields", "-e", "tcp.flags.str").Output()
	if err != nil {
		t.Fatal(err)
	}
	if frames := int64(bytes.Count(out, []byte("\n"))); frames != lab.Packets {
		t.Errorf("tshark sees %d packets, explain %d", frames, lab.Packets)
	}
	if len(lab.Connections) != 1 {
		t.Fatalf("%d connections", len(lab.Connections))
	}
	c := lab.Connections[0]
	if c.SYN == nil || c.SYNACK == nil || c.ACK == nil || c.Close != explain.CloseFIN || c.Packets != lab.Packets {
		t.Errorf("%+v", c)
	}
}

// A capture that is killed leaves a file that is whole up to the last packets.
func TestAKilledCaptureLeavesAReadableFile(t *testing.T) {
	listener, port := listening(t)
	process, out := startCapture(t, "-o", "-", "--port", port)
	var file bytes.Buffer
	reader, err := pcap.NewReader(io.TeeReader(out, &file))
	if err != nil {
		t.Fatal(err)
	}
	echo(t, listener, 20) // fits into a pipe
	if _, err := reader.Next(); err != nil {
		t.Fatal(err)
	}
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	packets := 1
	for {
		if _, err = reader.Next(); err != nil {
			break
		}
		packets++
	}
	_ = process.Wait() // it was killed
	if !errors.Is(err, io.EOF) || packets < 2 {
		t.Errorf("%d packets, then %v", packets, err)
	}
}
