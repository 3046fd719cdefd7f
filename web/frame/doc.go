// Package frame cuts the bytes of a WebSocket connection into messages, and writes messages as frames (RFC 6455, section
// 5), for either side. It does no input or output and reads no clock: bytes go in, messages come out. Compression and other
// extensions are not spoken; a frame that uses one is an error.
//
// A Reader is fed with what each read brings. Between messages it holds no memory but its own, so that thousands of silent
// connections cost nothing.
package frame
