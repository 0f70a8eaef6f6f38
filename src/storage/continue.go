package storage

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apiserver/pkg/storage"
)

// sumLength is how many bytes of a hash a continue token begins with.
const sumLength = 12

var tokenEncoding = base64.RawURLEncoding.Strict()

// sealContinue ties the continue token of a list with an ObjectSelector to what was asked. Other
// tokens say where to go on and nothing else, so that pages of different lists can be mixed.
func sealContinue(token, prefix string, predicate storage.SelectionPredicate) string {
	return tokenEncoding.EncodeToString(append(sumOfContinue(token, prefix, predicate), token...))
}

// unsealContinue undoes sealContinue. It refuses what it has not made for this list.
func unsealContinue(sealed, prefix string, predicate storage.SelectionPredicate) (token string, err error) {
	text, err := tokenEncoding.DecodeString(sealed)
	if err == nil && len(text) > sumLength {
		token = string(text[sumLength:])
	}
	if token == "" || !slices.Equal(text[:sumLength], sumOfContinue(token, prefix, predicate)) {
		return "", apierrors.NewBadRequest("invalid continue token: it belongs to another list, or was changed")
	}
	return token, nil
}

func sumOfContinue(token, prefix string, predicate storage.SelectionPredicate) []byte {
	text := prefix + "\x00" + predicate.Field.String()
	if predicate.Label != nil {
		text += "\x00" + predicate.Label.String()
	}
	sum := sha256.Sum256([]byte(text + "\x00" + token))
	return sum[:sumLength]
}
