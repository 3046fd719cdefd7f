package transport

import (
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
