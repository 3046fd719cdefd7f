package accounts

import (
	"crypto/subtle"

	"golang.org/x/crypto/argon2"

	"parley"
)

// derivation is what makes a key of size bytes of a password: Argon2id, but for tests that count.
type derivation func(password, salt []byte, c cost, size uint32) []byte

// argon is the derivation of RFC 9106.
func argon(password, salt []byte, c cost, size uint32) []byte {
	return argon2.IDKey(password, salt, c.passes, c.memory, c.lanes, size)
}

// verifier compares passwords with digests. Each call takes tens of milliseconds of a processor and the memory of its
// cost, which is why only those whose turn it is may call it.
type verifier struct {
	derive derivation
	nobody digest // that no password has, for names that nobody has: wrong ones cost what right ones do
}

func newVerifier(derive derivation) verifier { return verifier{derive: derive, nobody: newDigest()} }

// matches reports whether password has this digest.
func (v verifier) matches(d digest, password string) bool {
	key := v.derive([]byte(password), d.salt, d.cost, uint32(len(d.key)))
	return subtle.ConstantTimeCompare(key, d.key) == 1
}

// digest gives a new digest of password, of the current cost.
func (v verifier) digest(password string) parley.PasswordHash {
	d := newDigest()
	d.key = v.derive([]byte(password), d.salt, d.cost, keySize)
	return parley.PasswordHash(d.String())
}
