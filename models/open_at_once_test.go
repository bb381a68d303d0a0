package models_test

import (
	"path/filepath"
	"sync"
	"testing"

	"chancery/models"
)

// Programs that open a new file at the same moment all get in: none is sent away while
// another gives the file its write-ahead log.
func TestANewFileIsOpenedAtOnceByMany(t *testing.T) {
	for range 60 {
		path := filepath.Join(t.TempDir(), "register.db")
		var wait sync.WaitGroup
		for range 16 {
			wait.Go(func() {
				store, err := models.Open(t.Context(), path)
				if err != nil {
					t.Error(err)
					return
				}
				store.Close()
			})
		}
		wait.Wait()
	}
}
