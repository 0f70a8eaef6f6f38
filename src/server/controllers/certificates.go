package controllers

import (
	"context"
	"time"

	"k8s.io/kubernetes/pkg/controller/certificates/cleaner"
	"k8s.io/kubernetes/pkg/controller/certificates/signer"
)

// certificateSigning signs approved requests for client certificates.
func certificateSigning(ctx context.Context, t *term) (func(context.Context), error) {
	const (
		workers  = 1
		lifetime = 365 * 24 * time.Hour
	)
	if t.config.AuthorityKey == "" {
		return nil, nil
	}
	client, err := t.client("certificate-controller")
	if err != nil {
		return nil, err
	}
	controller, err := signer.NewKubeAPIServerClientCSRSigningController(ctx, client,
		t.informers.Certificates().V1().CertificateSigningRequests(),
		t.config.AuthorityCertificate, t.config.AuthorityKey, lifetime)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) { controller.Run(ctx, workers) }, nil
}

// certificateCleaner deletes requests that nobody needs any more.
func certificateCleaner(_ context.Context, t *term) (func(context.Context), error) {
	const workers = 1
	client, err := t.client("certificate-controller")
	if err != nil {
		return nil, err
	}
	controller := cleaner.NewCSRCleanerController(client.CertificatesV1().CertificateSigningRequests(),
		t.informers.Certificates().V1().CertificateSigningRequests())
	return func(ctx context.Context) { controller.Run(ctx, workers) }, nil
}
