//go:build unix

package main

import (
	"syscall"
	"time"
)

// limitProcess bounds what this process may take of memory, in bytes, and of the
// processor; it may write no file.
func limitProcess(memory uint64, processor time.Duration) error {
	for resource, most := range map[int]uint64{syscall.RLIMIT_DATA: memory,
		syscall.RLIMIT_CPU: uint64(processor.Seconds()), syscall.RLIMIT_FSIZE: 0, syscall.RLIMIT_CORE: 0} {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return nil
}
