package environment

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
)

func (r *Running) startAggregated(ctx context.Context) error {
	program, err := r.ArkAPIServer(ctx)
	if err != nil {
		return err
	}
	database, err := r.newDatabase(ctx)
	if err != nil {
		return err
	}
	cluster, err := r.startCluster(ctx)
	if err != nil {
		return err
	}
	registration, err := newRegistration(cluster)
	if err != nil {
		return err
	}
	kubeconfig := filepath.Join(r.dir, "ark-apiserver.kubeconfig")
	if err := registration.admit(ctx, kubeconfig); err != nil {
		return err
	}
	authority, err := r.newAuthority("ark-apiserver-ca")
	if err != nil {
		return err
	}
	serving, err := authority.issue("serving", x509.ExtKeyUsageServerAuth, serviceHost, "localhost", "127.0.0.1")
	if err != nil {
		return err
	}
	flags := append([]string{"--kubeconfig", kubeconfig, "--tls-cert-file", serving.CertFile, "--tls-private-key-file", serving.KeyFile}, database.flags...)
	var ports []int
	for i := range database.servers {
		port, err := r.startBehind(ctx, i, program, authority, database.variables, flags)
		if err != nil {
			return err
		}
		ports = append(ports, port)
	}
	if err := registration.register(ctx, authority.pem(), ports[0]); err != nil {
		return err
	}
	if err := r.awaitArk(ctx); err != nil {
		return err
	}
	return r.startControllers(ctx, cluster)
}

// startBehind starts one of the servers that share a database, and returns its port.
func (r *Running) startBehind(ctx context.Context, i int, program string, authority *authority, variables, flags []string) (port int, err error) {
	if port, err = freePort(ctx); err != nil {
		return 0, err
	}
	p, err := r.launch(ctx, serverName(i), program, variables, append([]string{
		"aggregated", "--bind-address=127.0.0.1", "--secure-port", strconv.Itoa(port),
		// Nobody has to be told first that it is going.
		"--shutdown-delay-duration=0s",
	}, flags...)...)
	if err != nil {
		return 0, err
	}
	url := fmt.Sprintf("https://127.0.0.1:%d", port)
	r.Servers = append(r.Servers, Server{URL: url, CAFile: authority.file(), PID: p.command.Process.Pid, Log: p.log})
	roots := x509.NewCertPool()
	roots.AddCert(authority.certificate)
	anonymous := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	defer anonymous.CloseIdleConnections()
	return port, p.await(ctx, func(ctx context.Context) error { return isReady(ctx, anonymous, url) })
}

func isReady(ctx context.Context, client *http.Client, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK {
		return nil
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	return fmt.Errorf("/readyz: %s\n%s", response.Status, body)
}

// freePort is one that nobody listens on now.
func freePort(ctx context.Context) (int, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}
