package controllers_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
)

const (
	apiKey    = "the key"
	modelName = "parrot"
)

// service is what queries need of the world: a model behind an API like OpenAI's, which calls a
// tool before it answers if it is offered one, that tool, and a service that keeps conversations.
// It knows queries by their UIDs.
type service struct {
	url string
	// asking and forgetting can be made to take long.
	asking, forgetting gate

	mu sync.Mutex
	// asked and forgotten count requests by UID, shouted those to the tool by word.
	asked, forgotten, shouted map[string]int
}

func newService() *service {
	s := &service{asked: map[string]int{}, forgotten: map[string]int{}, shouted: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", s.complete)
	mux.HandleFunc("GET /tools/shout/{words}", s.shout)
	mux.HandleFunc("DELETE /memory/conversations/{uid}", s.forget)
	server := httptest.NewServer(mux)
	DeferCleanup(func() {
		s.asking.open()
		s.forgetting.open()
		server.Close()
	})
	s.url = server.URL
	return s
}

func (s *service) complete(w http.ResponseWriter, request *http.Request) {
	var question struct {
		Model, User string
		Messages    []struct{ Role, Content string }
		Tools       []struct{ Function struct{ Name string } }
	}
	if err := json.NewDecoder(request.Body).Decode(&question); err != nil || len(question.Messages) == 0 {
		http.Error(w, "a chat is wanted", http.StatusBadRequest)
		return
	}
	if request.Header.Get("Authorization") != "Bearer "+apiKey || question.Model != modelName {
		http.Error(w, "the key does not open this model", http.StatusUnauthorized)
		return
	}
	s.count(s.asked, question.User)
	s.asking.pass(request.Context())
	last := question.Messages[len(question.Messages)-1]
	answer := map[string]any{"role": "assistant", "content": answerTo(last.Content)}
	if len(question.Tools) > 0 && last.Role == "user" {
		arguments, _ := json.Marshal(map[string]string{"words": last.Content})
		answer = map[string]any{"role": "assistant", "content": "", "tool_calls": []any{map[string]any{
			"id": "call-1", "type": "function", "function": map[string]any{"name": question.Tools[0].Function.Name, "arguments": string(arguments)},
		}}}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"choices": []any{map[string]any{"message": answer}},
		"usage":   map[string]any{"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7},
	})
}

func answerTo(question string) string { return "You said: " + strings.ToUpper(question) }

// shout is a tool.
func (s *service) shout(w http.ResponseWriter, request *http.Request) {
	words := request.PathValue("words")
	s.count(s.shouted, words)
	_, _ = w.Write([]byte(words + "!"))
}

func (s *service) forget(w http.ResponseWriter, request *http.Request) {
	s.count(s.forgotten, request.PathValue("uid"))
	s.forgetting.pass(request.Context())
	w.WriteHeader(http.StatusNoContent)
}

func (s *service) count(requests map[string]int, uid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests[uid]++
}

// questions are how often the model was asked, by UID.
func (s *service) questions() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.asked)
}

// shouts are how often the tool was called, by the words.
func (s *service) shouts() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.shouted)
}

// farewells are how often conversations were to be forgotten, by UID.
func (s *service) farewells() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.forgotten)
}

// askedAbout is how many queries have reached the model.
func (s *service) askedAbout() int { return len(s.questions()) }
