package socket

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/gobwas/ws"

	"parley"
	"parley/web/wire"
)

// Path is where the socket is.
const Path = "/v1/socket"

// maxHandshake is how many bytes of an answer to the handshake are read.
const maxHandshake = 64 << 10

// Open makes a WebSocket of a connection to host, which is HOST:PORT as in a URL (RFC 6455, section 4.1). Where it
// cannot, conn is closed, and the error is an *parley.Error: what the server says about it, CodeWrongProtocol where no
// such server answers, CodeClosed where none does before ctx ends. The context is for opening only.
func Open(ctx context.Context, conn net.Conn, host string) (*Conn, error) {
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(past) })
	early, err := shakeHands(conn, host)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = conn.Close()
		return nil, notOpened(ctx, err)
	}
	_ = conn.SetDeadline(time.Time{})
	return newConn(conn, early), nil
}

// past is a deadline that has passed.
var past = time.Unix(1, 0)

// shakeHands asks for the upgrade. It gives what the server has sent behind its answer.
func shakeHands(conn net.Conn, host string) (early []byte, err error) {
	var refusal error
	dialer := ws.Dialer{OnStatusError: func(_ int, _ []byte, answer io.Reader) { refusal = refusalIn(answer) }}
	limited := struct {
		io.Reader
		io.Writer
	}{io.LimitReader(conn, maxHandshake), conn}
	buffered, _, err := dialer.Upgrade(limited, &url.URL{Scheme: "ws", Host: host, Path: Path})
	switch {
	case refusal != nil:
		return nil, refusal
	case err != nil:
		return nil, err
	case buffered == nil:
		return nil, nil
	}
	early = make([]byte, buffered.Buffered())
	_, _ = buffered.Read(early) // what is buffered can be read
	ws.PutReader(buffered)
	return early, nil
}

// refusalIn reads an answer that is no upgrade, and gives what it says.
func refusalIn(answer io.Reader) error {
	response, err := http.ReadResponse(bufio.NewReader(answer), nil)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxHandshake)) // a part of it is no problem, which is noticed
	if problem, err := wire.DecodeAnswer[wire.Problem](body); err == nil && problem.Code != "" {
		return problem.Err()
	}
	return parley.Errorf(parley.CodeWrongProtocol, "no Parley server answers there: it says %s",
		parley.CleanLine(response.Status))
}

// notOpened makes the error of a handshake that failed.
func notOpened(ctx context.Context, err error) error {
	if coded, ok := errors.AsType[*parley.Error](err); ok {
		return coded
	}
	var network net.Error
	switch {
	case ctx.Err() != nil:
		return parley.Wrap(parley.CodeClosed, err, "no answer in time")
	case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return parley.Wrap(parley.CodeClosed, err, "the connection was lost before it was open")
	}
	return parley.Wrap(parley.CodeWrongProtocol, err, "what answers there does not speak HTTP")
}
