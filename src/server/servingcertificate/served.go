package servingcertificate

import (
	"bytes"
	"sync"

	"k8s.io/apiserver/pkg/server/dynamiccertificates"
	"k8s.io/klog/v2"
)

// served is the certificate that connections get.
type served struct {
	mu               sync.RWMutex
	certificate, key []byte
	listeners        []dynamiccertificates.Listener
}

// Name implements dynamiccertificates.CertKeyContentProvider.
func (s *served) Name() string { return "serving-certificate-secret" }

// CurrentCertKeyContent implements dynamiccertificates.CertKeyContentProvider.
func (s *served) CurrentCertKeyContent() (certificate, key []byte) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.certificate, s.key
}

// AddListener implements dynamiccertificates.Notifier. Nothing is served yet when it is called.
func (s *served) AddListener(listener dynamiccertificates.Listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listeners = append(s.listeners, listener)
}

func (s *served) serve(certificate, key []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if bytes.Equal(certificate, s.certificate) && bytes.Equal(key, s.key) {
		return
	}
	s.certificate, s.key = certificate, key
	klog.InfoS("Serving with the certificate in the secret", "validUntil", certificates(certificate)[0].NotAfter)
	for _, listener := range s.listeners {
		listener.Enqueue()
	}
}
