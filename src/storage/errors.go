package storage

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/klog/v2"

	"ark.ai/apiserver/src/storage/changelog"
	"ark.ai/apiserver/src/storage/driver"
)

// retryAfterSeconds is when clients should try again after the database failed them.
const retryAfterSeconds = 1

// statusError turns an error of the Backend or the committer into what a client of the API gets.
// What went wrong inside is logged, not told.
func statusError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return apierrors.NewTimeoutError("the request did not complete within its time limit", retryAfterSeconds)
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, driver.ErrUnavailable), errors.Is(err, changelog.ErrClosed):
		klog.V(2).ErrorS(err, "Database unavailable")
		return serviceUnavailable("the database is unavailable, nothing was changed; please try again")
	case errors.Is(err, driver.ErrUnknownOutcome):
		klog.ErrorS(err, "Commit with unknown outcome")
		return serviceUnavailable("the connection to the database was lost during the write, " +
			"which may or may not have taken place; please check and try again")
	case errors.Is(err, driver.ErrCompacted):
		return apierrors.NewResourceExpired("The provided resource version is too old.")
	default:
		klog.ErrorS(err, "The database failed")
		return storage.NewInternalError(errors.New("the database failed: see the server's log"))
	}
}

func serviceUnavailable(message string) error {
	err := apierrors.NewServiceUnavailable(message)
	err.ErrStatus.Details = &metav1.StatusDetails{RetryAfterSeconds: retryAfterSeconds}
	return err
}

const (
	listExpired         = "The resourceVersion for the provided list is too old."
	inconsistentExpired = "The provided continue parameter is too old to display a consistent list result. " +
		"You can start a new list without the continue parameter, or use the continue token in this " +
		"response to retrieve the remainder of the results. Continuing with the provided token results in " +
		"an inconsistent list - objects that were created, modified, or deleted between the time the first " +
		"chunk was returned and now may show up in the list."
)

// listError is the statusError of a list. What the page had already is lost with it, so a paged
// list that can no longer be consistent gets a token to go on with at the current state from where
// the page began. One in an order of its own begins anew.
func (l *lister) listError(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, driver.ErrFutureRevision):
		current, err := l.store.engine.backend.CurrentRevision(ctx)
		if err != nil {
			return statusError(err)
		}
		return storage.NewTooLargeResourceVersionError(uint64(l.revision), uint64(current), 0)
	case !errors.Is(err, driver.ErrCompacted):
		return statusError(err)
	case l.opts.Predicate.Continue == "", l.ranking != nil, !l.opts.Recursive:
		return apierrors.NewResourceExpired(listExpired)
	}
	// -1 stands for the current state, in contrast to the 0 of a broken token.
	token, err := storage.EncodeContinue(l.continueKey, l.prefix, -1)
	if err != nil {
		return storage.NewInternalError(fmt.Errorf("encoding the token to continue with: %w", err))
	}
	if l.selector != nil {
		token = sealContinue(token, l.prefix, l.opts.Predicate)
	}
	expired := apierrors.NewResourceExpired(inconsistentExpired)
	expired.ErrStatus.ListMeta.Continue = token
	return expired
}

// watchStatus is what a watch that fails ends with.
func watchStatus(err error) *metav1.Status {
	var status apierrors.APIStatus
	var unreadable *deletedUnreadableError
	switch {
	case errors.Is(err, driver.ErrCompacted):
		status = apierrors.NewResourceExpired("The resourceVersion for the provided watch is too old.")
	case errors.Is(err, driver.ErrFutureRevision):
		status = apierrors.NewResourceExpired("The resourceVersion for the provided watch is above the current one, as of a database that has lost it.")
	case errors.As(err, &unreadable):
		return &metav1.Status{
			Status:  metav1.StatusFailure,
			Code:    http.StatusInternalServerError,
			Reason:  metav1.StatusReasonStoreReadError,
			Message: unreadable.Error(),
		}
	case errors.As(err, &status):
	case errors.As(statusError(err), &status):
	default:
		status = apierrors.NewInternalError(err)
	}
	result := status.Status()
	return &result
}
