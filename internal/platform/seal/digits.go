package seal

import (
	"crypto/rand"
	"fmt"
	"math/big"
)

// Digits is a random one-time code of so many digits.
func Digits(n int) string {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
	code, err := rand.Int(rand.Reader, most)
	if err != nil {
		panic(err) // the machine has no randomness
	}
	return fmt.Sprintf("%0*d", n, code)
}
