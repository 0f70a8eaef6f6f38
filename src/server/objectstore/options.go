package objectstore

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/spf13/pflag"
)

// patience is how long a server may do nothing: neither take what it is sent nor answer.
const patience = time.Minute

// attempts is how often a request is made that a server does not answer, or not in good order.
const attempts = 3

// Options say where a server is. What they leave open the environment says, in the variables of
// Amazon's own programs; credentials only that.
type Options struct {
	// Endpoint is a URL, or a host with or without a port, which is asked by TLS.
	Endpoint string
	// Region is where the bucket is; "": the server is asked.
	Region string
	// AddressingStyle is one of the keys of styles.
	AddressingStyle string
	// CAFile has the certificates of authorities (PEM) that the server's certificate is verified
	// with; "": those of the system.
	CAFile string

	// patience replaces the constant, in tests.
	patience time.Duration
}

// styles are the ways to name a bucket to a server.
var styles = map[string]minio.BucketLookupType{
	"auto":    minio.BucketLookupAuto,
	"path":    minio.BucketLookupPath,
	"virtual": minio.BucketLookupDNS,
}

// NewOptions returns the defaults.
func NewOptions() *Options { return &Options{AddressingStyle: "auto"} }

// AddFlags adds a flag for every option.
func (o *Options) AddFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.Endpoint, "s3-endpoint", o.Endpoint,
		"The server of s3:// locations: a URL, or host:port. Default: AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, else Amazon's.")
	flags.StringVar(&o.Region, "s3-region", o.Region,
		"The region of the bucket. Default: AWS_REGION or AWS_DEFAULT_REGION, or else what the server reports.")
	flags.StringVar(&o.AddressingStyle, "s3-addressing-style", o.AddressingStyle,
		"Where requests have the bucket, one of: auto, path, virtual. auto: in the path, or in the host name where that is known to be wanted, as at Amazon.")
	flags.StringVar(&o.CAFile, "s3-ca-file", o.CAFile,
		"The file containing certificates (PEM) that the server's is verified with. Default: AWS_CA_BUNDLE, else the certificates of the system.")
}

// Validate finds what no server has. It touches nothing outside the process.
func (o *Options) Validate() []error {
	var errs []error
	if _, ok := styles[o.AddressingStyle]; !ok {
		errs = append(errs, fmt.Errorf("--s3-addressing-style: %q must be one of auto, path, virtual", o.AddressingStyle))
	}
	if _, _, err := o.server(); err != nil {
		errs = append(errs, err)
	}
	return errs
}

// server is host:port, asked by TLS if it is secure.
func (o *Options) server() (address string, secure bool, err error) {
	name, endpoint := "--s3-endpoint", o.Endpoint
	for _, variable := range []string{"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"} {
		if endpoint == "" {
			name, endpoint = variable, os.Getenv(variable)
		}
	}
	if endpoint == "" {
		return "s3.amazonaws.com", true, nil
	}
	if !strings.Contains(endpoint, "://") {
		endpoint = "https://" + endpoint
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Scheme != "https" && u.Scheme != "http" {
		// It may have a password in it.
		return "", false, fmt.Errorf("%s must be a URL such as https://s3.example.com:9000, without a path and without credentials", name)
	}
	return u.Host, u.Scheme == "https", nil
}

func (o *Options) region() string {
	return cmp.Or(o.Region, os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"))
}

// authorities is nil for those of the system.
func (o *Options) authorities() (*x509.CertPool, error) {
	name, file := "--s3-ca-file", o.CAFile
	if file == "" {
		name, file = "AWS_CA_BUNDLE", os.Getenv("AWS_CA_BUNDLE")
	}
	if file == "" {
		return nil, nil
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(content) {
		return nil, errors.New(name + ": there are no certificates (PEM) in " + file)
	}
	return pool, nil
}
