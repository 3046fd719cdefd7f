package accounts

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"parley"
)

// cost is what it takes to derive a key from a password: the parameters of Argon2id (RFC 9106, section 3.1).
type cost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

// currentCost is that of every new digest: 19 MiB, the least that OWASP's cheat sheet on storing passwords recommends,
// so that two at once fit a small machine.
var currentCost = cost{memory: 19 << 10, passes: 2, lanes: 1}

// The sizes of what a new digest has, in bytes (RFC 9106, section 3.1).
const (
	saltSize = 16
	keySize  = 32
)

// digest is a password as it is kept: a key that was derived from it, with what that takes to be done again.
type digest struct {
	cost cost
	salt []byte
	key  []byte
}

// newDigest gives a digest of the current cost whose salt and key are random: no password has it.
func newDigest() digest {
	d := digest{cost: currentCost, salt: make([]byte, saltSize), key: make([]byte, keySize)}
	_, _ = rand.Read(d.salt) // crypto/rand.Read never fails: it crashes the program instead
	_, _ = rand.Read(d.key)
	return d
}

// prefix is what every digest begins with: the algorithm and its version, 0x13 in decimal.
const prefix = "$argon2id$v=19$"

// encoding is base64 as PHC strings have it: without padding, and only one way to write something.
var encoding = base64.RawStdEncoding.Strict()

// errDigest is the cause of a digest that cannot be read.
var errDigest = errors.New("not a PHC string of Argon2id")

// String writes d as a PHC string: $argon2id$v=19$m=19456,t=2,p=1$SALT$KEY.
func (d digest) String() string {
	return fmt.Sprintf("%sm=%d,t=%d,p=%d$%s$%s", prefix, d.cost.memory, d.cost.passes, d.cost.lanes,
		encoding.EncodeToString(d.salt), encoding.EncodeToString(d.key))
}

// parseDigest reads what String wrote, and nothing that is written in another way.
func parseDigest(s parley.PasswordHash) (digest, error) {
	rest, ok := strings.CutPrefix(string(s), prefix)
	fields := strings.Split(rest, "$")
	if !ok || len(fields) != 3 {
		return digest{}, errDigest
	}
	costs, err := parseCost(fields[0])
	if err != nil {
		return digest{}, err
	}
	salt, badSalt := encoding.DecodeString(fields[1])
	key, badKey := encoding.DecodeString(fields[2])
	d := digest{cost: costs, salt: salt, key: key}
	switch {
	case badSalt != nil, badKey != nil, d.String() != string(s):
		return digest{}, errDigest
	case len(salt) < 8 || len(salt) > 64 || len(key) < 16 || len(key) > 64:
		return digest{}, fmt.Errorf("%w: a salt of %d bytes, a key of %d", errDigest, len(salt), len(key))
	}
	return d, nil
}

// parseCost reads the parameters. They are bounded, so that no string that came into the database somehow takes all
// memory, or all day.
func parseCost(s string) (cost, error) {
	fields := strings.Split(s, ",")
	if len(fields) != 3 {
		return cost{}, errDigest
	}
	var n [3]uint64
	for i, name := range []string{"m=", "t=", "p="} {
		text, ok := strings.CutPrefix(fields[i], name)
		value, err := strconv.ParseUint(text, 10, 32)
		if !ok || err != nil {
			return cost{}, errDigest
		}
		n[i] = value
	}
	memory, passes, lanes := n[0], n[1], n[2]
	if lanes < 1 || lanes > 16 || passes < 1 || passes > 32 || memory < 8*lanes || memory > 1<<20 {
		return cost{}, fmt.Errorf("%w: parameters out of bounds", errDigest)
	}
	return cost{memory: uint32(memory), passes: uint32(passes), lanes: uint8(lanes)}, nil
}
