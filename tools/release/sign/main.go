// Command sign signs what is released, in a folder with SHA256SUMS, with a private key and nothing
// else: no service is asked, and none is needed to verify. The folder gets
//
//   - provenance.dsse.json: of which commit the files are, and who built them, as an attestation of
//     SLSA's in an envelope of in-toto's, as cosign verify-blob-attestation takes it;
//   - SHA256SUMS.sig: the signature of SHA256SUMS, and so of all that it names, as cosign
//     verify-blob and openssl dgst take it.
//
// Usage:
//
//	sign -key release.key -builder https://ci.example.com/runs/1 -status status FOLDER
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"ark.ai/apiserver/tools/release/status"
)

const (
	sumsName       = "SHA256SUMS"
	signatureName  = sumsName + ".sig"
	provenanceName = "provenance.dsse.json"
)

func main() {
	keyFile := flag.String("key", "", "the private key: PEM of an elliptic curve key on P-256, as openssl genpkey makes it")
	builder := flag.String("builder", "", "who has built the files, as a URI")
	statusFile := flag.String("status", "", "what tools/workspace-status says of the commit")
	flag.Parse()
	if err := run(flag.Arg(0), *keyFile, *builder, *statusFile); err != nil {
		fmt.Fprintln(os.Stderr, "sign:", err)
		os.Exit(1)
	}
}

func run(folder, keyFile, builder, statusFile string) error {
	if folder == "" || builder == "" || statusFile == "" {
		return errors.New("there has to be a folder, -builder and -status")
	}
	key, err := readKey(keyFile)
	if err != nil {
		return err
	}
	built, err := status.Read(statusFile)
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(folder, sumsName))
	if err != nil {
		return err
	}
	files, err := check(folder, sums)
	if err != nil {
		return err
	}
	attestation, err := provenance(files, built, builder).sign(key)
	if err != nil {
		return err
	}
	signature, err := key.sign(sums)
	if err != nil {
		return err
	}
	// Written last: it is what says that the release is complete.
	if err := os.WriteFile(filepath.Join(folder, provenanceName), attestation, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, signatureName), []byte(signature+"\n"), 0o644)
}
