package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// message is one of a chat.
type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// answerer is a language model.
type answerer interface {
	// answer goes on with a chat.
	answer(ctx context.Context, chat []message) (string, error)
	// judge says from 0 to 1 how good an answer is.
	judge(ctx context.Context, question, answer string) (float64, error)
}

// echo needs no model: it says what it was asked.
type echo struct{}

func (echo) answer(_ context.Context, chat []message) (string, error) {
	return "You said: " + chat[len(chat)-1].Content, nil
}

func (echo) judge(_ context.Context, _, answer string) (float64, error) {
	if answer == "" {
		return 0, nil
	}
	return 1, nil
}

// endpoint speaks OpenAI's API, as most that serve models do.
type endpoint struct{ url, model, key string }

func (e endpoint) answer(ctx context.Context, chat []message) (string, error) {
	body, err := json.Marshal(map[string]any{"model": e.model, "messages": chat})
	if err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/json")
	if e.key != "" {
		request.Header.Set("Authorization", "Bearer "+e.key)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the model's endpoint answers %s", response.Status)
	}
	var completion struct {
		Choices []struct {
			Message message `json:"message"`
		} `json:"choices"`
	}
	if err := json.NewDecoder(response.Body).Decode(&completion); err != nil {
		return "", err
	}
	if len(completion.Choices) == 0 {
		return "", errors.New("the model has no answer")
	}
	return completion.Choices[0].Message.Content, nil
}

func (e endpoint) judge(ctx context.Context, question, answer string) (float64, error) {
	verdict, err := e.answer(ctx, []message{
		{Role: "system", Content: "Say how well the answer fits the question, as a number from 0 to 1, and nothing else."},
		{Role: "user", Content: "Question: " + question + "\nAnswer: " + answer},
	})
	if err != nil {
		return 0, err
	}
	score, err := strconv.ParseFloat(verdict, 64)
	if err != nil || score < 0 || score > 1 {
		return 0, fmt.Errorf("the model was to say a number from 0 to 1, and said %q", verdict)
	}
	return score, nil
}
