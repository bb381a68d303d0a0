package testdb

import (
	"fmt"
	"net"
	"sync"
	"testing"
	"time"
)

// A Wire lies between a program and a server: a test makes it slow, has it fall
// silent, or cuts it.
type Wire struct {
	Port     int
	to       string
	listener net.Listener
	mu       sync.Mutex
	delay    time.Duration // before each piece that the server sends is passed on
	silent   bool          // nothing is passed on, and nothing closed
	refusing bool
	open     map[net.Conn]bool
}

// NewWire leads to a port of this machine.
func NewWire(t testing.TB, port int) *Wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &Wire{Port: listener.Addr().(*net.TCPAddr).Port, to: fmt.Sprintf("127.0.0.1:%d", port), listener: listener,
		open: map[net.Conn]bool{}}
	go w.accept()
	t.Cleanup(w.Close)
	return w
}

// Address is the address of a database behind the wire.
func (w *Wire) Address(database string) string { return databaseAt(w.Port, database) }

func (w *Wire) accept() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", w.to)
		w.mu.Lock()
		if err != nil || w.refusing {
			near.Close()
			if far != nil {
				far.Close()
			}
			w.mu.Unlock()
			continue
		}
		w.open[near], w.open[far] = true, true
		w.mu.Unlock()
		go w.pass(near, far, false)
		go w.pass(far, near, true)
	}
}

// pass passes on what one end sends to the other.
func (w *Wire) pass(from, to net.Conn, answer bool) {
	defer to.Close()
	defer from.Close()
	piece := make([]byte, 1<<16)
	for {
		n, err := from.Read(piece)
		if err != nil {
			return
		}
		for {
			w.mu.Lock()
			delay, silent := w.delay, w.silent
			w.mu.Unlock()
			if !silent {
				if answer {
					time.Sleep(delay)
				}
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if _, err := to.Write(piece[:n]); err != nil {
			return
		}
	}
}

// Slow has each answer take longer.
func (w *Wire) Slow(delay time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.delay = delay
}

// Timeout has nothing pass any more, while connections stay; or pass again.
func (w *Wire) Timeout(silent bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.silent = silent
}

// Down takes no new connections, or takes them again.
func (w *Wire) Down(refusing bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refusing = refusing
}

// Close takes no connections any more and ends every one.
func (w *Wire) Close() {
	w.listener.Close()
	w.ResetPeer()
}

// ResetPeer ends every connection.
func (w *Wire) ResetPeer() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.open {
		c.Close()
		delete(w.open, c)
	}
}
