package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/template"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/events"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"ark.ai/apiserver/src/apis/ark/v1alpha1"
)

// queries brings each query to an answer: pending, running, done.
type queries struct {
	client.Client
	answerer answerer
	events   events.EventRecorder
}

func addQueries(mgr ctrl.Manager, answerer answerer) error {
	r := &queries{mgr.GetClient(), answerer, mgr.GetEventRecorder("controller")}
	return ctrl.NewControllerManagedBy(mgr).For(&v1alpha1.Query{}).Complete(r)
}

// Reconcile is called when a query was made or changed, and for each when the program starts. It
// looks at what there is, not at what has happened.
func (r *queries) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	query := &v1alpha1.Query{}
	if err := r.Get(ctx, request.NamespacedName, query); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !query.DeletionTimestamp.IsZero() {
		return ctrl.Result{}, nil
	}
	ttl, err := query.Spec.TTL.Parse()
	if err != nil {
		return ctrl.Result{}, err
	}
	if left := time.Until(query.CreationTimestamp.Add(ttl)); left > 0 {
		return ctrl.Result{RequeueAfter: left}, r.answer(ctx, query)
	}
	return ctrl.Result{}, client.IgnoreNotFound(r.Delete(ctx, query, client.Preconditions{UID: &query.UID}))
}

// answer writes the status twice: that the query runs, and how it ended. The update fails if
// somebody has changed the query since it was read; then Reconcile is called again.
func (r *queries) answer(ctx context.Context, query *v1alpha1.Query) error {
	switch query.Status.Phase {
	case v1alpha1.QueryDone, v1alpha1.QueryError, v1alpha1.QueryCanceled:
		return nil
	}
	if query.Spec.Cancel != nil && *query.Spec.Cancel {
		setPhase(query, v1alpha1.QueryCanceled, "QueryCanceled", "Somebody asked for it")
		return r.Status().Update(ctx, query)
	}
	target, chat, err := r.resolve(ctx, query)
	if apierrors.IsNotFound(err) {
		// What is asked may be made a moment later. An error is retried, after growing pauses.
		setPhase(query, v1alpha1.QueryPending, "QueryNotStarted", err.Error())
		return errors.Join(err, r.Status().Update(ctx, query))
	}
	begin, content := time.Now(), ""
	if err == nil {
		setPhase(query, v1alpha1.QueryRunning, "QueryRunning", "The model is asked")
		if err := r.Status().Update(ctx, query); err != nil {
			return err
		}
		content, err = r.ask(ctx, query, chat)
	}
	if err != nil {
		content = err.Error()
		setPhase(query, v1alpha1.QueryError, "QueryErrored", content)
	} else {
		setPhase(query, v1alpha1.QueryDone, "QuerySucceeded", "The model has answered")
	}
	query.Status.Response = &v1alpha1.QueryResponse{Target: target, Content: &content, Phase: string(query.Status.Phase)}
	query.Status.Duration = v1alpha1.Duration(time.Since(begin).Round(time.Millisecond).String())
	if err := r.Status().Update(ctx, query); err != nil {
		return err
	}
	r.events.Eventf(query, nil, corev1.EventTypeNormal, "Answered", "Ask", "The query is %s", query.Status.Phase)
	return nil
}

func (r *queries) ask(ctx context.Context, query *v1alpha1.Query, chat []message) (string, error) {
	timeout, err := query.Spec.Timeout.Parse()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return r.answerer.answer(ctx, chat)
}

func setPhase(query *v1alpha1.Query, phase v1alpha1.QueryPhase, reason, message string) {
	query.Status.Phase = phase
	status := metav1.ConditionTrue
	if phase == v1alpha1.QueryPending || phase == v1alpha1.QueryRunning {
		status = metav1.ConditionFalse
	}
	meta.SetStatusCondition(&query.Status.Conditions, metav1.Condition{
		Type: "Completed", Status: status, Reason: reason, Message: message, ObservedGeneration: query.Generation,
	})
}

// resolve finds who is asked what.
func (r *queries) resolve(ctx context.Context, query *v1alpha1.Query) (v1alpha1.QueryTarget, []message, error) {
	target, err := r.target(ctx, query)
	if err != nil {
		return target, nil, err
	}
	instructions, err := r.instructions(ctx, query.Namespace, target)
	if err != nil {
		return target, nil, err
	}
	input, err := inputOf(query)
	return target, append([]message{{Role: "system", Content: instructions}}, input...), err
}

// target is the one that the query names, or the first agent that it selects.
func (r *queries) target(ctx context.Context, query *v1alpha1.Query) (v1alpha1.QueryTarget, error) {
	if query.Spec.Target != nil {
		return *query.Spec.Target, nil
	}
	selector, err := metav1.LabelSelectorAsSelector(query.Spec.Selector)
	if err != nil {
		return v1alpha1.QueryTarget{}, err
	}
	agents := &v1alpha1.AgentList{}
	if err := r.List(ctx, agents, client.InNamespace(query.Namespace), client.MatchingLabelsSelector{Selector: selector}); err != nil {
		return v1alpha1.QueryTarget{}, err
	}
	if len(agents.Items) == 0 {
		return v1alpha1.QueryTarget{}, errors.New("no agent has the labels that the query selects")
	}
	return v1alpha1.QueryTarget{Type: v1alpha1.TargetAgent, Name: agents.Items[0].Name}, nil
}

// instructions are the prompts of the agents that are asked: of one, or of all in a team.
func (r *queries) instructions(ctx context.Context, namespace string, target v1alpha1.QueryTarget) (string, error) {
	key := client.ObjectKey{Namespace: namespace, Name: target.Name}
	switch target.Type {
	case v1alpha1.TargetAgent:
		agent := &v1alpha1.Agent{}
		err := r.Get(ctx, key, agent)
		if err != nil || agent.Spec.Prompt == nil {
			return "", err
		}
		return fill(*agent.Spec.Prompt, agent.Spec.Parameters)
	case v1alpha1.TargetTeam:
		team := &v1alpha1.Team{}
		if err := r.Get(ctx, key, team); err != nil {
			return "", err
		}
		var all []string
		for _, member := range team.Spec.Members {
			each, err := r.instructions(ctx, namespace, v1alpha1.QueryTarget{Type: v1alpha1.QueryTargetType(member.Type), Name: member.Name})
			if err != nil {
				return "", err
			}
			all = append(all, each)
		}
		return strings.Join(all, "\n"), nil
	case v1alpha1.TargetModel:
		return "", r.Get(ctx, key, &v1alpha1.Model{})
	}
	return "", fmt.Errorf("this controller can't ask a %s", target.Type)
}

// inputOf is the input as a chat: a text with parameters in it, or the messages that it is.
func inputOf(query *v1alpha1.Query) ([]message, error) {
	if query.Spec.Type == v1alpha1.QueryTypeMessages {
		var chat []message
		err := json.Unmarshal([]byte(query.Spec.Input.Raw), &chat)
		if err == nil && len(chat) == 0 {
			err = errors.New("the query has no messages")
		}
		return chat, err
	}
	var text string
	if err := json.Unmarshal([]byte(query.Spec.Input.Raw), &text); err != nil {
		return nil, err
	}
	text, err := fill(text, query.Spec.Parameters)
	return []message{{Role: "user", Content: text}}, err
}

// fill puts the literal values of parameters in the place of {{.NAME}}.
func fill(text string, parameters []v1alpha1.Parameter) (string, error) {
	values := make(map[string]string)
	for _, parameter := range parameters {
		if parameter.Value != nil {
			values[parameter.Name] = *parameter.Value
		}
	}
	parsed, err := template.New("").Option("missingkey=error").Parse(text)
	if err != nil {
		return "", err
	}
	var filled strings.Builder
	err = parsed.Execute(&filled, values)
	return filled.String(), err
}
