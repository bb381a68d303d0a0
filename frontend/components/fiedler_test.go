package components

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// laplacian is that of a graph given by weights of its edges.
func laplacian(n int, weight func(i, j int) float64) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
	}
	for i := range n {
		for j := i + 1; j < n; j++ {
			w := weight(i, j)
			m[i][j], m[j][i] = -w, -w
			m[i][i] += w
			m[j][j] += w
		}
	}
	return m
}

// Along a chain the vector runs from one end to the other; two groups that are tied
// loosely stand on two sides.
func TestTheFiedlerVectorShowsTheGraph(t *testing.T) {
	chain := []int{4, 0, 6, 2, 1, 5, 3}
	v := fiedler(laplacian(7, func(i, j int) float64 {
		if d := slices.Index(chain, i) - slices.Index(chain, j); d*d == 1 {
			return 1
		}
		return 0
	}))
	along := make([]float64, 7)
	for place, i := range chain {
		along[place] = v[i]
	}
	slices.SortFunc(chain, func(a, b int) int { return a - b })
	if !slices.IsSorted(along) {
		slices.Reverse(along)
	}
	if !slices.IsSorted(along) {
		t.Errorf("the chain is torn: %v", along)
	}
	v = fiedler(laplacian(8, func(i, j int) float64 {
		if (i < 4) == (j < 4) {
			return 1
		}
		return .01
	}))
	for i := range v {
		if (v[i] > 0) == (i < 4) != (v[0] > 0) {
			t.Errorf("%d stands on the wrong side: %v", i, v)
		}
	}
}

// Values and vectors are those of the matrix, and the vectors stand at right angles
// to each other.
func TestEigenvectorsAreTheMatrixs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		weights := rapid.SliceOfN(rapid.Float64Range(0, 50), n*n, n*n).Draw(t, "weights")
		weight := func(i, j int) float64 { return weights[i*n+j] }
		m := laplacian(n, weight)
		values, vectors := eigen(laplacian(n, weight))
		for k, value := range values {
			for i := range m {
				sum, dot := 0.0, 0.0
				for j := range m {
					sum += m[i][j] * vectors[j][k]
					dot += vectors[j][i] * vectors[j][k]
				}
				if math.Abs(sum-value*vectors[i][k]) > 1e-6 {
					t.Fatalf("M·v differs from %g·v by %g", value, sum-value*vectors[i][k])
				}
				if want := map[bool]float64{true: 1}[i == k]; math.Abs(dot-want) > 1e-9 {
					t.Fatalf("vectors %d and %d: %g", i, k, dot)
				}
			}
		}
	})
}
