package main

import (
	"encoding/json"
	"fmt"

	"ark.ai/apiserver/tools/release/status"
)

// statement is one of in-toto's (https://in-toto.io/Statement/v1) about where files come from
// (https://slsa.dev/provenance/v1).
type statement struct {
	Type          string     `json:"_type"`
	Subject       []resource `json:"subject"`
	PredicateType string     `json:"predicateType"`
	Predicate     predicate  `json:"predicate"`
}

type resource struct {
	Name   string            `json:"name"`
	Digest map[string]string `json:"digest"`
}

type predicate struct {
	BuildDefinition buildDefinition `json:"buildDefinition"`
	RunDetails      runDetails      `json:"runDetails"`
}

type buildDefinition struct {
	// BuildType says what the parameters mean: docs/building.md.
	BuildType            string            `json:"buildType"`
	ExternalParameters   map[string]string `json:"externalParameters"`
	ResolvedDependencies []resource        `json:"resolvedDependencies"`
}

type runDetails struct {
	Builder struct {
		ID string `json:"id"`
	} `json:"builder"`
}

func provenance(files []file, built status.Status, builder string) statement {
	made := statement{
		Type:          "https://in-toto.io/Statement/v1",
		PredicateType: "https://slsa.dev/provenance/v1",
		Predicate: predicate{BuildDefinition: buildDefinition{
			BuildType:            "https://ark.ai/apiserver/bazel",
			ExternalParameters:   map[string]string{"target": "//:release", "config": "release", "version": built.Version},
			ResolvedDependencies: []resource{{Name: "source", Digest: map[string]string{"gitCommit": built.Revision}}},
		}},
	}
	made.Predicate.RunDetails.Builder.ID = builder
	for _, file := range files {
		made.Subject = append(made.Subject, resource{Name: file.name, Digest: map[string]string{"sha256": file.sha256}})
	}
	return made
}

// envelope is DSSE's (https://github.com/secure-systems-lab/dsse).
type envelope struct {
	PayloadType string      `json:"payloadType"`
	Payload     []byte      `json:"payload"`
	Signatures  []signature `json:"signatures"`
}

type signature struct {
	Sig string `json:"sig"`
}

func (s statement) sign(key key) ([]byte, error) {
	payload, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	signed := envelope{PayloadType: "application/vnd.in-toto+json", Payload: payload}
	sig, err := key.sign(preAuthentication(signed.PayloadType, payload))
	if err != nil {
		return nil, err
	}
	signed.Signatures = []signature{{sig}}
	return json.Marshal(signed)
}

// preAuthentication is what DSSE signs.
func preAuthentication(payloadType string, payload []byte) []byte {
	return fmt.Appendf(nil, "DSSEv1 %d %s %d %s", len(payloadType), payloadType, len(payload), payload)
}
