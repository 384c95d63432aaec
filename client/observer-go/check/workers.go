package check

import "runtime"

// workers is how many signatures or batches of proofs are verified at once: all cores.
func workers() int { return runtime.GOMAXPROCS(0) }
