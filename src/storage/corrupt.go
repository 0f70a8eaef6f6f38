package storage

import (
	"errors"
	"fmt"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/features"
	"k8s.io/apiserver/pkg/storage"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
)

// Corrupt objects, whose stored value can't be decrypted or decoded, are reported one by one and
// may be deleted on request: KEP-3926, feature AllowUnsafeMalformedObjectDeletion.

const (
	notDecryptable = "data from the storage is not transformable"
	notDecodable   = "object not decodable"
	damaged        = "data from the storage is damaged"
)

type corruptError struct {
	what string
	err  error
}

func (e *corruptError) Error() string { return e.what + ": " + e.err.Error() }
func (e *corruptError) Unwrap() error { return e.err }

func corrupt(what string, err error) error {
	if !unsafeDeletionAllowed() {
		return err
	}
	return &corruptError{what: what, err: err}
}

func unsafeDeletionAllowed() bool {
	return utilfeature.DefaultFeatureGate.Enabled(features.AllowUnsafeMalformedObjectDeletion)
}

// asCorruptObject lets the registry know that it may offer an unsafe deletion.
func asCorruptObject(key string, err error) error {
	var corrupt *corruptError
	if errors.As(err, &corrupt) {
		return storage.NewCorruptObjError(key, corrupt)
	}
	return err
}

// deletedUnreadableError ends a watch that should show the last state of an object that can't be
// read.
type deletedUnreadableError struct{ err error }

func (e *deletedUnreadableError) Error() string {
	return fmt.Sprintf("saw a DELETED event, but object data is corrupt - %v", e.err)
}
func (e *deletedUnreadableError) Unwrap() error { return e.err }

// maxCorruptListed is how many corrupt objects a list names before it gives up.
const maxCorruptListed = 100

// listErrors collects the corrupt objects that a list comes across.
type listErrors struct {
	causes []metav1.StatusCause
	first  error
	abort  error
}

// add takes the error of one item and reports whether the list is over.
func (l *listErrors) add(key string, err error) (stop bool) {
	var corrupt *corruptError
	if !errors.As(err, &corrupt) {
		l.abort = err
		return true
	}
	named := storage.NewCorruptObjError(key, corrupt)
	if l.first == nil {
		l.first = named
	}
	l.causes = append(l.causes, metav1.StatusCause{
		Type:    metav1.CauseTypeUnexpectedServerResponse,
		Field:   key,
		Message: named.Error(),
	})
	return len(l.causes) >= maxCorruptListed
}

// error is the outcome of the list.
func (l *listErrors) error(resource schema.GroupResource) error {
	if l.first == nil {
		return l.abort
	}
	message := fmt.Sprintf("failed to read one or more %s from the storage: %v", resource, l.first)
	if len(l.causes) > 1 {
		message = fmt.Sprintf("%s (and %d more)", message, len(l.causes)-1)
	}
	causes := l.causes
	switch {
	case l.abort != nil:
		causes = append(causes, metav1.StatusCause{Type: metav1.CauseTypeUnexpectedServerResponse, Message: l.abort.Error()})
	case len(causes) >= maxCorruptListed:
		causes = append(causes, metav1.StatusCause{Type: metav1.CauseTypeTooMany, Message: "too many errors, the list is truncated"})
	}
	return &apierrors.StatusError{ErrStatus: metav1.Status{
		Status:  metav1.StatusFailure,
		Code:    http.StatusInternalServerError,
		Reason:  metav1.StatusReasonStoreReadError,
		Message: message,
		Details: &metav1.StatusDetails{Group: resource.Group, Kind: resource.Resource, Name: "list", Causes: causes},
	}}
}
