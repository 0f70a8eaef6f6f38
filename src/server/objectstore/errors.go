package objectstore

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
)

// explain says in a sentence what went wrong and what can be done. Nothing of a request is in it,
// which has signatures and tokens.
func (b *Bucket) explain(doing string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: %w", doing, context.Canceled)
	}
	return fmt.Errorf("%s: %w", doing, b.reason(err))
}

func (b *Bucket) reason(err error) error {
	answer := new(minio.ErrorResponse)
	if errors.As(err, answer) && answer.Code != "" {
		return b.refusal(*answer)
	}
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var network net.Error
	switch {
	case errors.As(err, &unknown):
		return fmt.Errorf("the certificate of %s was issued by an unknown authority: name its certificate with --s3-ca-file", b.server)
	case errors.As(err, &name):
		return fmt.Errorf("the certificate of %s can't be used: %w", b.server, name)
	case errors.As(err, &invalid):
		return fmt.Errorf("the certificate of %s can't be used: %w", b.server, invalid)
	case errors.As(err, &network) && network.Timeout():
		return fmt.Errorf("%s does not answer: check that it is running and that --s3-endpoint is right", b.server)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s closed the connection before it had finished: try again", b.server)
	}
	var operation *net.OpError
	if errors.As(err, &operation) {
		if operation.Op == "dial" {
			return fmt.Errorf("%s can't be reached (%w): check that --s3-endpoint is right", b.server, operation)
		}
		return fmt.Errorf("the connection to %s broke (%w): try again", b.server, operation)
	}
	var request *url.Error
	if errors.As(err, &request) {
		// The library replaces io.EOF by a text with the request in it.
		if strings.HasPrefix(request.Err.Error(), "Connection closed by foreign host") {
			return fmt.Errorf("%s closed the connection without an answer: check that --s3-endpoint is right, https:// or http:// included", b.server)
		}
		err = request.Err
	}
	return fmt.Errorf("%s: %w", b.server, err)
}

// refusal is of what the server answered.
func (b *Bucket) refusal(answer minio.ErrorResponse) error {
	switch answer.Code {
	case minio.NoSuchBucket:
		return fmt.Errorf("there is no bucket %s at %s: create it, or check that --s3-endpoint and --s3-region are right", b.name, b.server)
	case minio.NoSuchKey:
		return errors.New("there is no such object")
	case minio.AccessDenied, minio.AllAccessDisabled:
		return fmt.Errorf("%s denies access: docs/backup.md says which rights on the bucket the credentials need", b.server)
	case minio.InvalidAccessKeyID, minio.SignatureDoesNotMatch, "ExpiredToken", "InvalidToken", "TokenRefreshRequired":
		return fmt.Errorf("%s does not accept the credentials (%s): check that the keys and --s3-endpoint are right", b.server, answer.Code)
	case minio.AuthorizationHeaderMalformed, minio.InvalidRegion, "PermanentRedirect", "IllegalLocationConstraintException":
		where := "another region"
		if answer.Region != "" {
			where = "region " + answer.Region
		}
		return fmt.Errorf("%s has the bucket in %s: set --s3-region", b.server, where)
	case minio.RequestTimeTooSkewed:
		return fmt.Errorf("the clock of this machine differs too much from that of %s", b.server)
	}
	if answer.Message == "" || answer.Message == answer.Code {
		return fmt.Errorf("%s answers %d %s", b.server, answer.StatusCode, answer.Code)
	}
	return fmt.Errorf("%s answers %s: %s", b.server, answer.Code, answer.Message)
}
