//go:build unix

package main

import (
	"syscall"
	"time"
)

// limitProcess bounds what this process may take of memory, in bytes, and of the
// processor, and how long a file it may write.
func limitProcess(memory uint64, processor time.Duration, file uint64) error {
	for resource, most := range map[int]uint64{syscall.RLIMIT_DATA: memory,
		syscall.RLIMIT_CPU: uint64(processor.Seconds()), syscall.RLIMIT_FSIZE: file, syscall.RLIMIT_CORE: 0} {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return nil
}
