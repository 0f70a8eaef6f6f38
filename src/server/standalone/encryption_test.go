package standalone_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestEncryptionAtRestCoversArkKinds(t *testing.T) {
	t.Parallel()
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "encryption.yaml")
	content := fmt.Sprintf(`apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [agents.ark.ai]
  providers:
  - secretbox: {keys: [{name: one, secret: %s}]}
  - identity: {}
`, base64.StdEncoding.EncodeToString(key))
	if err := os.WriteFile(config, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	encrypting := options(dir)
	encrypting.ControlPlane.Etcd.EncryptionProviderConfigFilepath = config
	server := mustStart(t, encrypting)
	agent := agent("spy")
	agent.Object["spec"] = map[string]any{"prompt": "TheSecretPrompt"}
	server.create(t, agents, metav1.NamespaceDefault, agent)
	server.create(t, models, metav1.NamespaceDefault, model("plain-model"))
	read, err := server.dynamic.Resource(agents).Namespace(metav1.NamespaceDefault).Get(t.Context(), "spy", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if prompt, _, _ := unstructured.NestedString(read.Object, "spec", "prompt"); prompt != "TheSecretPrompt" {
		t.Errorf("read back as %q", prompt)
	}
	server.mustStop(t)

	database := readFiles(t, dir, "ark.db")["ark.db"]
	if bytes.Contains(database, []byte("TheSecretPrompt")) {
		t.Error("the database file has the prompt in plain text")
	}
	if !bytes.Contains(database, []byte("plain-model")) {
		t.Error("the database file does not have what is not encrypted: this test proves nothing")
	}
}
