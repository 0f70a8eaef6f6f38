package controllers_test

import (
	"fmt"
	"maps"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

func (s *scene) secret(namespace string) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: s.meta(namespace, "parrot"), StringData: map[string]string{"key": apiKey}}
}

func (s *scene) model(namespace string) *v1alpha1.Model {
	return &v1alpha1.Model{ObjectMeta: s.meta(namespace, "parrot"), Spec: v1alpha1.ModelSpec{
		Provider: v1alpha1.ProviderOpenAI,
		Model:    &v1alpha1.ValueSource{Value: new(modelName)},
		Config: &v1alpha1.ModelConfig{OpenAI: &v1alpha1.OpenAIModelConfig{
			BaseURL: &v1alpha1.ValueSource{Value: new(s.url + "/v1")},
			APIKey: &v1alpha1.ValueSource{ValueFrom: &v1alpha1.ValueFrom{SecretKeyRef: &corev1.SecretKeySelector{
				LocalObjectReference: corev1.LocalObjectReference{Name: "parrot"}, Key: "key",
			}}},
		}},
	}}
}

func (s *scene) agent(namespace string) *v1alpha1.Agent {
	return &v1alpha1.Agent{ObjectMeta: s.meta(namespace, "parrot"), Spec: v1alpha1.AgentSpec{
		Prompt: new("Say it again, louder."), ModelRef: &v1alpha1.NamedRef{Name: "parrot"},
	}}
}

// query asks the agent of the namespace something that no other query asks.
func (s *scene) query(namespace, name string) *v1alpha1.Query {
	return &v1alpha1.Query{ObjectMeta: s.meta(namespace, name), Spec: v1alpha1.QuerySpec{
		Input: &v1alpha1.JSON{Raw: strconv.Quote(questionOf(namespace, name))}, Target: &v1alpha1.QueryTarget{Type: v1alpha1.TargetAgent, Name: "parrot"},
	}}
}

func questionOf(namespace, name string) string { return fmt.Sprintf("i am %s of %s", name, namespace) }

func (s *scene) meta(namespace, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: name, Labels: maps.Clone(s.labels)}
}

// task is one that a query has caused.
func (s *scene) task(name, query string) *v1alpha1.A2ATask {
	return &v1alpha1.A2ATask{ObjectMeta: metav1.ObjectMeta{Namespace: s.namespaces[0], Name: name}, Spec: v1alpha1.A2ATaskSpec{
		QueryRef: &v1alpha1.QueryRef{Name: query}, AgentRef: &v1alpha1.AgentRef{Name: new("parrot")}, TaskID: name,
	}}
}
