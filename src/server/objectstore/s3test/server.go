package s3test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"ark.ai/apiserver/src/server/certificate"
	"ark.ai/apiserver/src/storage/storagetest/testserver"
)

const (
	// Bucket is there from the start.
	Bucket = "backups"
	// Region is where it is.
	Region = "eu-central-1"

	// AccessKey and SecretKey may do everything, Stranger's nothing with the bucket.
	AccessKey         = "owner"
	SecretKey         = "secret-of-the-owner"
	Stranger          = "stranger"
	SecretOfStrangers = "secret-of-the-stranger"

	startTimeout = time.Minute
	stopTimeout  = 20 * time.Second
)

// Server is one on 127.0.0.1.
type Server struct {
	Port int
	// URL of the server, and the file with the certificate of its authority.
	URL, CAFile string

	dir     string
	process testserver.Process
}

// New runs a server for this test, until it ends.
func New(t testing.TB) *Server {
	t.Helper()
	server, err := open()
	return testserver.Own(t, server, err)
}

func open() (*Server, error) {
	program, err := testserver.Program("versitygw")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "s3-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, CAFile: filepath.Join(dir, "ca.crt"), process: testserver.Process{Name: "versitygw", StopTimeout: stopTimeout}}
	if err := s.start(program); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func (s *Server) start(program string) error {
	// A folder is a bucket. What else is known of objects is beside them: not all file systems have
	// extended attributes.
	for _, folder := range []string{"data/" + Bucket, "about", "users"} {
		if err := os.MkdirAll(filepath.Join(s.dir, folder), 0o700); err != nil {
			return err
		}
	}
	users := fmt.Sprintf(`{"accessAccounts": {%q: {"access": %[1]q, "secret": %q, "role": "user"}}}`, Stranger, SecretOfStrangers)
	if err := os.WriteFile(filepath.Join(s.dir, "users", "users.json"), []byte(users), 0o600); err != nil {
		return err
	}
	if err := s.makeCertificate(); err != nil {
		return err
	}
	var err error
	// Somebody else may take the port before the server does.
	for range 3 {
		if s.Port, err = testserver.FreePort(); err != nil {
			return err
		}
		s.URL = "https://" + s.address()
		if err = s.launch(program); err == nil {
			break
		}
	}
	return err
}

func (s *Server) address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)) }

func (s *Server) makeCertificate() error {
	authority, err := certificate.NewAuthority("s3test", time.Now())
	if err != nil {
		return err
	}
	issued, err := authority.Issue(&x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}, time.Now())
	if err != nil {
		return err
	}
	key, err := issued.KeyPEM()
	if err != nil {
		return err
	}
	for file, content := range map[string][]byte{"ca.crt": authority.PEM(), "tls.crt": issued.PEM(), "tls.key": key} {
		if err := os.WriteFile(filepath.Join(s.dir, file), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) launch(program string) error {
	s.process.Lock()
	defer s.process.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	// It outlives the start.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), program, "--port", s.address(), "--region", Region, "--cert", filepath.Join(s.dir, "tls.crt"), "--key", filepath.Join(s.dir, "tls.key"),
		"--iam-dir", filepath.Join(s.dir, "users"), "--health", "/health", "--quiet", "posix", "--sidecar", filepath.Join(s.dir, "about"), filepath.Join(s.dir, "data"))
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+AccessKey, "ROOT_SECRET_KEY="+SecretKey)
	// Not longer than the tests, whatever becomes of them.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	return s.process.Launch(ctx, cmd, filepath.Join(s.dir, "log"), s.answers)
}

func (s *Server) answers(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/health", http.NoBody)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	ca, err := os.ReadFile(s.CAFile)
	if err != nil {
		return err
	}
	roots.AppendCertsFromPEM(ca)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	defer transport.CloseIdleConnections()
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return nil
}

// Close ends the server, and removes its objects.
func (s *Server) Close() error {
	return errors.Join(s.process.End(syscall.SIGKILL), os.RemoveAll(s.dir))
}

// Pause has the server stand still (SIGSTOP), until Resume.
func (s *Server) Pause(t testing.TB) {
	t.Helper()
	s.signal(t, syscall.SIGSTOP)
	// A thread that runs goes on for a moment.
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", s.process.PID()))
	if err != nil || len(threads) == 0 {
		t.Fatalf("the server has the threads %q (error %v)", threads, err)
	}
	for _, thread := range threads {
		for {
			stat, err := os.ReadFile(thread)
			if errors.Is(err, fs.ErrNotExist) || bytes.Contains(stat, []byte(") T ")) {
				break
			}
			<-time.After(testserver.PollInterval)
		}
	}
}

// Resume has it go on.
func (s *Server) Resume(t testing.TB) {
	t.Helper()
	s.signal(t, syscall.SIGCONT)
}

func (s *Server) signal(t testing.TB, signal os.Signal) {
	t.Helper()
	if err := s.process.Signal(signal); err != nil {
		t.Fatal(err)
	}
}

// File is where the server has the object.
func (s *Server) File(key string) string {
	return filepath.Join(s.dir, "data", Bucket, filepath.FromSlash(key))
}

// Variables are those of the environment by which clients find the server, and may use it.
func (s *Server) Variables() map[string]string {
	return map[string]string{
		"AWS_ACCESS_KEY_ID": AccessKey, "AWS_SECRET_ACCESS_KEY": SecretKey, "AWS_SESSION_TOKEN": "",
		"AWS_ENDPOINT_URL": s.URL, "AWS_ENDPOINT_URL_S3": "", "AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_CA_BUNDLE": s.CAFile,
	}
}
