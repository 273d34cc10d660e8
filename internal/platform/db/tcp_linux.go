package db

import (
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// acknowledged bounds how long what was sent by TCP may go unacknowledged before the line counts as broken.
func acknowledged(limit time.Duration) func(network, address string, c syscall.RawConn) error {
	return func(network, _ string, c syscall.RawConn) error {
		if !strings.HasPrefix(network, "tcp") {
			return nil
		}
		var refused error
		err := c.Control(func(fd uintptr) {
			refused = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(limit.Milliseconds()))
		})
		if err != nil {
			return err
		}
		return refused
	}
}
