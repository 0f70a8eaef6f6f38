// Package environment runs what the conformance suites talk to: Ark API servers on a database,
// alone or behind a real kube-apiserver with its etcd and controllers, without containers and on
// the loopback interface only. For comparison it runs such a cluster with CustomResourceDefinitions
// instead.
package environment

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"k8s.io/client-go/rest"

	"ark.ai/apiserver/e2e/provision"
)

// The ways to serve the Ark API, and the databases. They name the columns of the verification
// report.
const (
	Standalone = "standalone"
	Aggregated = "aggregated"
	// Kind is a cluster of containers on this machine, into which Helm installs the server.
	Kind = "kind"
	// Cluster is one that is there already, of whatever kind, into which Helm installs the server.
	Cluster = "cluster"
	// CRD is a cluster with CustomResourceDefinitions for the Ark kinds, without any server of
	// ours.
	CRD = "crd"
	// Empty is a cluster that does not serve the Ark API, for what is to install it.
	Empty = "empty"
	// Kubernetes is a cluster that does not serve the Ark API either, whose own kube-apiserver
	// stores with a driver of ours, or in etcd, to compare with.
	Kubernetes = "kubernetes"

	SQLite     = "sqlite"
	PostgreSQL = "postgresql"
	MySQL      = "mysql" // MariaDB
	Etcd       = "etcd"
)

// Drivers are all databases.
var Drivers = []string{SQLite, PostgreSQL, MySQL}

// CompactionWindow is how long the databases here keep history: as short as it can be.
const CompactionWindow = time.Minute

// Environment is what a suite has to know of it. It is kept in a JSON file while the environment
// runs, so that several suites can use the same.
type Environment struct {
	// Mode is Standalone, Aggregated, Kind, Cluster, CRD, Empty or Kubernetes.
	Mode string `json:"mode"`
	// Driver of the storage is one of Drivers, where there is a server of ours, or Etcd in mode
	// Kubernetes.
	Driver string `json:"driver"`
	// Kubeconfig is the file of an administrator of the API: of the cluster, where there is one.
	Kubeconfig string `json:"kubeconfig"`
	// Host is an address of this machine that the API servers reach: what a suite has for them,
	// such as webhooks, listens there.
	Host string `json:"host"`
	// Servers are the Ark API servers themselves: one on SQLite, two on the others, with the same
	// database. In aggregated mode kube-apiserver is between the first of them and Kubeconfig; in a
	// cluster with nodes it is between all of them and Kubeconfig. None in mode CRD.
	Servers []Server `json:"servers"`
	// Etcd is the address of the cluster's etcd, such as "http://127.0.0.1:2379". Empty where
	// suites can't reach it.
	Etcd string `json:"etcd,omitempty"`
	// AnotherAPIServer is a second kube-apiserver on the same etcd, if there is one.
	AnotherAPIServer *APIServer `json:"anotherAPIServer,omitempty"`
	// ServiceAccountKey is the file of the key that signs the tokens of service accounts.
	ServiceAccountKey string `json:"serviceAccountKey,omitempty"`
	// FrontProxy is kube-apiserver's certificate as a client of the servers behind it, and
	// FrontProxyAuthority has issued it. Namesake is the certificate of a user who has the same
	// name, by the authority for users. None in standalone mode.
	FrontProxy          *Certificate `json:"frontProxy,omitempty"`
	FrontProxyAuthority *Certificate `json:"frontProxyAuthority,omitempty"`
	Namesake            *Certificate `json:"namesake,omitempty"`
	// Release is what Helm has installed, in modes Kind and Cluster.
	Release *provision.Release `json:"release,omitempty"`
	// Processes of the cluster, such as "etcd", by name, if they run on this machine.
	Processes map[string]int `json:"processes,omitempty"`
	// Versions of the programs, by name.
	Versions map[string]string `json:"versions"`
}

// Server is one process of ark-apiserver.
type Server struct {
	// URL is its own address.
	URL string `json:"url"`
	// CAFile has the authority of its serving certificate.
	CAFile string `json:"caFile"`
	// Name is the host in that certificate, where it is not the one in the URL.
	Name string `json:"name,omitempty"`
	// PID of the process, if it runs on this machine.
	PID int `json:"pid,omitempty"`
	// Log is the file with its output, if it runs on this machine.
	Log string `json:"log,omitempty"`
}

// APIServer is a process of kube-apiserver.
type APIServer struct {
	// URL is where it listens. Its certificate is the one of that in Kubeconfig.
	URL string `json:"url"`
	// PID of the process.
	PID int `json:"pid"`
}

// Config is for a client of the server itself. It has the credentials of another one.
func (s Server) Config(credentials *rest.Config) *rest.Config {
	config := rest.CopyConfig(credentials)
	config.Host, config.CAData, config.CAFile, config.ServerName = s.URL, nil, s.CAFile, s.Name
	return config
}

// IsAggregated reports whether the Ark API is behind a kube-apiserver that has it from a server of
// ours.
func (e *Environment) IsAggregated() bool {
	return e.Mode == Aggregated || e.Release != nil
}

// Certificate with its key, in files.
type Certificate struct {
	CertFile string `json:"certFile"`
	KeyFile  string `json:"keyFile"`
}

// Load reads the description of a running environment.
func Load(path string) (*Environment, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	e := &Environment{}
	if err := json.Unmarshal(data, e); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return e, nil
}

// Save writes the description.
func (e *Environment) Save(path string) error {
	data, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o600)
}
