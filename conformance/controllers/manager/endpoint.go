package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// endpoint is a model behind an API like OpenAI's.
type endpoint struct{ url, key, model string }

// message is one of a chat.
type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
	// ToolCalls are what the model wants to know before it answers. ToolCallID says which of them
	// this is the result of.
	ToolCalls  []toolCall `json:"tool_calls,omitempty"`
	ToolCallID string     `json:"tool_call_id,omitempty"`
}

type completionRequest struct {
	Model    string    `json:"model"`
	User     string    `json:"user"`
	Messages []message `json:"messages"`
	Tools    []offer   `json:"tools,omitempty"`
}

type completion struct {
	Choices []struct {
		Message message `json:"message"`
	} `json:"choices"`
	Usage struct {
		PromptTokens     int64 `json:"prompt_tokens"`
		CompletionTokens int64 `json:"completion_tokens"`
		TotalTokens      int64 `json:"total_tokens"`
	} `json:"usage"`
}

// ask has the model go on with a chat.
func (e *endpoint) ask(ctx context.Context, user string, chat []message, tools []offer) (*message, v1alpha1.TokenUsage, error) {
	body, err := json.Marshal(completionRequest{Model: e.model, User: user, Messages: chat, Tools: tools})
	if err != nil {
		return nil, v1alpha1.TokenUsage{}, err
	}
	data, err := exchange(ctx, http.MethodPost, e.url+"/chat/completions", e.key, body)
	if err != nil {
		return nil, v1alpha1.TokenUsage{}, err
	}
	answer := completion{}
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, v1alpha1.TokenUsage{}, err
	}
	if len(answer.Choices) == 0 {
		return nil, v1alpha1.TokenUsage{}, fmt.Errorf("the model has no answer")
	}
	return &answer.Choices[0].Message, v1alpha1.TokenUsage{
		PromptTokens: &answer.Usage.PromptTokens, CompletionTokens: &answer.Usage.CompletionTokens, TotalTokens: &answer.Usage.TotalTokens,
	}, nil
}

// exchange sends an HTTP request, and wants it to succeed.
func exchange(ctx context.Context, method, url, key string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= http.StatusBadRequest {
		return nil, fmt.Errorf("%s %s: %s: %s", method, url, response.Status, data)
	}
	return data, nil
}

// chatOf is the chat that a query begins.
func chatOf(agent *v1alpha1.Agent, query *v1alpha1.Query) ([]message, error) {
	var chat []message
	if agent.Spec.Prompt != nil {
		chat = append(chat, message{Role: "system", Content: *agent.Spec.Prompt})
	}
	if query.Spec.Type == v1alpha1.QueryTypeMessages {
		var input []message
		err := json.Unmarshal([]byte(query.Spec.Input.Raw), &input)
		return append(chat, input...), err
	}
	question := message{Role: "user"}
	err := json.Unmarshal([]byte(query.Spec.Input.Raw), &question.Content)
	return append(chat, question), err
}
