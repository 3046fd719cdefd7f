package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"parley"
	"parley/printer"
)

// logTimeout is how long the end of the program waits for the log to be written.
const logTimeout = time.Second

// openLog makes the program's logger, as newLogger does, on an output that nobody waits for, because it may be a pager
// that was stopped: lines wait in a queue, and are left out and counted where that is full. end writes what is queued,
// for logTimeout at most.
func openLog(out io.Writer, format, level string) (log *slog.Logger, end func()) {
	p := printer.New(out, func(lines int) []byte {
		var line bytes.Buffer
		told := slog.NewRecord(time.Now(), slog.LevelWarn, fmt.Sprintf("%d lines were not written", lines), 0)
		_ = newLogger(&line, format, level).Handler().Handle(context.Background(), told) // a buffer takes everything
		return line.Bytes()
	})
	p.Start()
	return newLogger(p, format, level), func() { p.Close(logTimeout) }
}

// newLogger makes a logger that writes at once: one line for a person, or one JSON object, a record. What it logs comes from
// the network as well, so every text is cleaned. format is text or json, level one of slog's in lower case.
func newLogger(out io.Writer, format, level string) *slog.Logger {
	var least slog.Level
	_ = least.UnmarshalText([]byte(level)) // a flag with these words
	if format == "json" {
		options := &slog.HandlerOptions{Level: least, ReplaceAttr: cleanAttr}
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(&lineHandler{out: &lineWriter{w: out}, level: least})
}

// cleanAttr cleans the texts of a record that is to become JSON.
func cleanAttr(_ []string, a slog.Attr) slog.Attr {
	switch v := a.Value; v.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(parley.CleanLine(v.String()))
	case slog.KindAny:
		if err, ok := v.Any().(error); ok {
			a.Value = slog.StringValue(parley.CleanLine(err.Error()))
		}
	}
	return a
}

// lineHandler writes a record as one line: time, level, message, and NAME=VALUE for each attribute.
type lineHandler struct {
	out   *lineWriter
	level slog.Level
	group string // the open groups, each followed by a dot
	attrs string // those of WithAttrs, each after a space
}

// lineWriter lets one line through at a time.
type lineWriter struct {
	mu sync.Mutex
	w  io.Writer
}

// Enabled reports whether level is logged.
func (h *lineHandler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

// Handle writes one record.
func (h *lineHandler) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	if !r.Time.IsZero() {
		b.WriteString(r.Time.Format(time.DateTime))
		b.WriteByte(' ')
	}
	level := r.Level.String()
	b.WriteString(level)
	b.WriteString(strings.Repeat(" ", max(1, len("ERROR ")-len(level))))
	b.WriteString(parley.CleanLine(r.Message))
	b.WriteString(h.attrs)
	r.Attrs(func(a slog.Attr) bool {
		writeAttr(&b, h.group, a)
		return true
	})
	b.WriteByte('\n')
	h.out.mu.Lock()
	defer h.out.mu.Unlock()
	_, err := io.WriteString(h.out.w, b.String())
	return err
}

// WithAttrs gives a handler whose lines have these attributes too.
func (h *lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	var b strings.Builder
	for _, a := range attrs {
		writeAttr(&b, h.group, a)
	}
	with := *h
	with.attrs += b.String()
	return &with
}

// WithGroup gives a handler that puts name and a dot before the names of attributes.
func (h *lineHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	with := *h
	with.group += name + "."
	return &with
}

// writeAttr writes an attribute, the members of a group one after the other, and nothing for an empty one.
func writeAttr(b *strings.Builder, group string, a slog.Attr) {
	v := a.Value.Resolve()
	if a.Equal(slog.Attr{}) {
		return
	}
	if v.Kind() == slog.KindGroup {
		if a.Key != "" {
			group += a.Key + "."
		}
		for _, member := range v.Group() {
			writeAttr(b, group, member)
		}
		return
	}
	text := parley.CleanLine(v.String())
	if text == "" || strings.ContainsAny(text, " =\"\t") {
		text = strconv.Quote(text)
	}
	b.WriteString(" " + group + a.Key + "=" + text)
}
