package environment

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"k8s.io/client-go/tools/clientcmd"

	"ark.ai/apiserver/src/server/datadir"
)

func (r *Running) startStandalone(ctx context.Context) error {
	program, err := r.ArkAPIServer(ctx)
	if err != nil {
		return err
	}
	database, err := r.newDatabase(ctx)
	if err != nil {
		return err
	}
	for i := range database.servers {
		if err := r.startReplica(ctx, i, program, database); err != nil {
			return err
		}
	}
	return nil
}

// startReplica starts one of the servers that share a database, each with a data directory of its
// own.
func (r *Running) startReplica(ctx context.Context, i int, program string, database database) error {
	dataDir := filepath.Join(r.dir, serverName(i))
	if i == 0 {
		r.Kubeconfig = filepath.Join(dataDir, datadir.AdminKubeconfig)
		r.ServiceAccountKey = filepath.Join(dataDir, datadir.ServiceAccountKey)
	} else if err := ShareKeys(filepath.Join(r.dir, serverName(0)), dataDir); err != nil {
		return err
	}
	p, err := r.launch(ctx, serverName(i), program, database.variables,
		append([]string{"--data-dir", dataDir, "--secure-port=0"}, database.flags...)...)
	if err != nil {
		return err
	}
	kubeconfig := filepath.Join(dataDir, datadir.AdminKubeconfig)
	if err := p.await(ctx, func(ctx context.Context) error {
		text, err := os.ReadFile(p.log)
		if err == nil && !bytes.Contains(text, []byte("is ready")) {
			err = errors.New("it does not say so")
		}
		if err != nil {
			return err
		}
		return servesArk(ctx, kubeconfig)
	}); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	r.Servers = append(r.Servers, Server{
		URL:    config.Host,
		CAFile: filepath.Join(dataDir, datadir.AuthorityCertificate),
		PID:    p.command.Process.Pid,
		Log:    p.log,
	})
	return nil
}

// ShareKeys lets a server accept the credentials that another one issues, as docs/standalone.md
// tells it.
func ShareKeys(from, to string) error {
	if err := os.Mkdir(to, 0o700); err != nil {
		return err
	}
	for _, name := range []string{datadir.AuthorityCertificate, datadir.AuthorityKey, datadir.ServiceAccountKey} {
		content, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// serverName is that of a server's log and directory.
func serverName(i int) string { return fmt.Sprintf("ark-apiserver-%d", i+1) }
