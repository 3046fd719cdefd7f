package transport

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(holdEnv) == "" {
		goleak.VerifyTestMain(m)
	}
	if err := hold(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// holdEnv makes the test binary another program, which holds ports; see hold.
const holdEnv = "TRANSPORT_TEST_HOLD"

// hold listens on a TCP and a UDP port, prints them, and keeps them until its input ends.
func hold() error {
	l, err := Listen(context.Background(), "127.0.0.1:0", Options{})
	if err != nil {
		return err
	}
	defer l.Close()
	pc, err := ListenPacket(context.Background(), "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer pc.Close()
	fmt.Println(l.Addr(), pc.LocalAddr())
	_, _ = os.Stdin.Read(make([]byte, 1))
	return nil
}
