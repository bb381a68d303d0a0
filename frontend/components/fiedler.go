package components

import (
	"math"
	"slices"
)

// fiedler is the eigenvector of the second smallest eigenvalue of a graph's
// Laplacian: along it, what is tied closely stands close together. The Laplacian is
// symmetric; it is used up. https://en.wikipedia.org/wiki/Algebraic_connectivity
func fiedler(laplace [][]float64) []float64 {
	values, vectors := eigen(laplace)
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if values[a] < values[b] {
			return -1
		}
		return 1
	})
	second := make([]float64, len(values))
	for i := range second {
		second[i] = vectors[i][order[1]]
	}
	return second
}

// eigen gives the eigenvalues of a symmetric matrix and its eigenvectors, as
// columns, by Jacobi's rotations: each makes two numbers beside the diagonal zero,
// and what is left there shrinks fast. Ten sweeps are enough for any matrix that a
// picture can show.
func eigen(m [][]float64) (values []float64, vectors [][]float64) {
	n := len(m)
	vectors = make([][]float64, n)
	for i := range vectors {
		vectors[i] = make([]float64, n)
		vectors[i][i] = 1
	}
	for range 50 {
		rest := 0.0
		for p := range n {
			for q := p + 1; q < n; q++ {
				rest += m[p][q] * m[p][q]
			}
		}
		if rest < 1e-24 {
			break
		}
		for p := range n {
			for q := p + 1; q < n; q++ {
				rotate(m, vectors, p, q)
			}
		}
	}
	values = make([]float64, n)
	for i := range values {
		values[i] = m[i][i]
	}
	return values, vectors
}

// rotate turns the plane of two axes so that m[p][q] becomes zero.
func rotate(m, vectors [][]float64, p, q int) {
	if m[p][q] == 0 {
		return
	}
	theta := (m[q][q] - m[p][p]) / (2 * m[p][q])
	t := math.Copysign(1, theta) / (math.Abs(theta) + math.Sqrt(theta*theta+1))
	cos := 1 / math.Sqrt(t*t+1)
	sin := t * cos
	for k := range m {
		m[k][p], m[k][q] = cos*m[k][p]-sin*m[k][q], sin*m[k][p]+cos*m[k][q]
	}
	for k := range m {
		m[p][k], m[q][k] = cos*m[p][k]-sin*m[q][k], sin*m[p][k]+cos*m[q][k]
		vectors[k][p], vectors[k][q] = cos*vectors[k][p]-sin*vectors[k][q], sin*vectors[k][p]+cos*vectors[k][q]
	}
}
