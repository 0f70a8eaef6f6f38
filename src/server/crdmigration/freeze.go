package crdmigration

import (
	"context"
	"errors"
	"strconv"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	// policyName names the policy that marks a migration, its binding, which freezes the group, and
	// the ConfigMap that is never made, by which the freeze is probed.
	policyName = "ark-apiserver-migration"
	// groupAnnotation says from which group objects are copied, databaseAnnotation where to,
	// copiedAnnotation that the copy is complete: it is the first revision that servers have after
	// it, or the last one on the way back.
	groupAnnotation    = "ark.ai/migration-group"
	databaseAnnotation = "ark.ai/migration-database"
	copiedAnnotation   = "ark.ai/migration-revision"
	// boundAnnotation has the UID of the binding that writes were refused by as long as the copy
	// took: without it, or with another one, somebody may have written since.
	boundAnnotation = "ark.ai/migration-binding"

	// collector is Kubernetes' garbage collection, which must not judge by uids while they change.
	collector = "system:serviceaccount:kube-system:generic-garbage-collector"

	refuseWrites  = "refuse writes"
	frozenMessage = "Ark's objects are being moved to another server, which takes seconds: try again"
)

// policy refuses all writes to a group, in the versions that clients use, what garbage collection
// does, and one ConfigMap. Without a binding it does nothing.
func policy(from, database string) *admissionregistrationv1.ValidatingAdmissionPolicy {
	fail, exact, forbidden := admissionregistrationv1.Fail, admissionregistrationv1.Exact, metav1.StatusReasonForbidden
	rule := func(operations []admissionregistrationv1.OperationType, rule admissionregistrationv1.Rule) admissionregistrationv1.NamedRuleWithOperations {
		return admissionregistrationv1.NamedRuleWithOperations{
			RuleWithOperations: admissionregistrationv1.RuleWithOperations{Operations: operations, Rule: rule},
		}
	}
	return &admissionregistrationv1.ValidatingAdmissionPolicy{
		ObjectMeta: metav1.ObjectMeta{Name: policyName, Annotations: map[string]string{groupAnnotation: from, databaseAnnotation: database}},
		Spec: admissionregistrationv1.ValidatingAdmissionPolicySpec{
			FailurePolicy: &fail,
			MatchConstraints: &admissionregistrationv1.MatchResources{
				MatchPolicy: &exact,
				ResourceRules: []admissionregistrationv1.NamedRuleWithOperations{
					rule([]admissionregistrationv1.OperationType{admissionregistrationv1.Create, admissionregistrationv1.Update, admissionregistrationv1.Delete},
						admissionregistrationv1.Rule{APIGroups: []string{from}, APIVersions: []string{"*"}, Resources: []string{"*/*"}}),
					rule([]admissionregistrationv1.OperationType{admissionregistrationv1.Create},
						admissionregistrationv1.Rule{APIGroups: []string{""}, APIVersions: []string{"v1"}, Resources: []string{"configmaps"}}),
					rule([]admissionregistrationv1.OperationType{admissionregistrationv1.Update, admissionregistrationv1.Delete},
						admissionregistrationv1.Rule{APIGroups: []string{"*"}, APIVersions: []string{"*"}, Resources: []string{"*"}}),
				},
			},
			MatchConditions: []admissionregistrationv1.MatchCondition{{
				Name: "group-or-probe-or-collector",
				Expression: "request.resource.group == '" + from + "' && request.resource.version != '" + leftVersion + "' || " +
					"request.resource.group == '' && request.name == '" + policyName + "' || request.userInfo.username == '" + collector + "'",
			}},
			Validations: []admissionregistrationv1.Validation{{Expression: "false", Message: frozenMessage, Reason: &forbidden}},
		},
	}
}

// findPolicy returns nil if no migration has begun.
func (c *cluster) findPolicy(ctx context.Context) (*admissionregistrationv1.ValidatingAdmissionPolicy, error) {
	found, err := c.core.AdmissionregistrationV1().ValidatingAdmissionPolicies().Get(ctx, policyName, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	return found, err
}

// begin marks that a migration to a database has begun.
func (c *cluster) begin(ctx context.Context, database string) error {
	_, err := c.core.AdmissionregistrationV1().ValidatingAdmissionPolicies().Create(ctx, policy(c.from, database), metav1.CreateOptions{FieldManager: fieldManager})
	return err
}

// noteCopied marks that the copy is complete, during which a binding had writes refused.
func (c *cluster) noteCopied(ctx context.Context, revision int64, bound types.UID) error {
	found, err := c.findPolicy(ctx)
	if err != nil {
		return err
	}
	binding, err := c.binding(ctx)
	if err != nil {
		return err
	}
	if found == nil || binding == nil || binding.UID != bound {
		return errors.New("another process has allowed writes in the meantime: run the command again")
	}
	found.Annotations[copiedAnnotation] = strconv.FormatInt(revision, 10)
	found.Annotations[boundAnnotation] = string(bound)
	_, err = c.core.AdmissionregistrationV1().ValidatingAdmissionPolicies().Update(ctx, found, metav1.UpdateOptions{FieldManager: fieldManager})
	return err
}

// freeze has all writes to the group refused, and returns once every kube-apiserver does, with the
// UID of what they are refused by.
func (c *cluster) freeze(ctx context.Context) (bound types.UID, err error) {
	if err := c.checkAPIServers(ctx); err != nil {
		return "", err
	}
	binding := &admissionregistrationv1.ValidatingAdmissionPolicyBinding{
		ObjectMeta: metav1.ObjectMeta{Name: policyName},
		Spec: admissionregistrationv1.ValidatingAdmissionPolicyBindingSpec{
			PolicyName:        policyName,
			ValidationActions: []admissionregistrationv1.ValidationAction{admissionregistrationv1.Deny},
		},
	}
	_, err = c.core.AdmissionregistrationV1().ValidatingAdmissionPolicyBindings().Create(ctx, binding, metav1.CreateOptions{FieldManager: fieldManager})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return "", err
	}
	if binding, err = c.binding(ctx); err != nil {
		return "", err
	}
	if binding == nil {
		return "", errors.New("another process has allowed writes in the meantime: run the command again")
	}
	ctx, cancel := context.WithTimeout(ctx, freezeTimeout)
	defer cancel()
	return binding.UID, c.everywhere(ctx, refuseWrites, isFrozen)
}

// settle returns once writes that were let in before they were refused are done: each
// kube-apiserver has had the time.
func (c *cluster) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, freezeTimeout)
	defer cancel()
	return c.stay(ctx, inFlight, refuseWrites, isFrozen)
}

// isFrozen probes whether a kube-apiserver refuses writes.
func isFrozen(ctx context.Context, server *cluster) (bool, error) {
	configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: policyName}}
	_, err := server.core.CoreV1().ConfigMaps(metav1.NamespaceDefault).Create(ctx, configMap, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
	if isRefusal(err) {
		return true, nil
	}
	return false, err
}

func isRefusal(err error) bool {
	return apierrors.IsForbidden(err) && strings.Contains(err.Error(), frozenMessage)
}

// binding returns what freezes the group, or nil if writes are not refused.
func (c *cluster) binding(ctx context.Context) (*admissionregistrationv1.ValidatingAdmissionPolicyBinding, error) {
	found, err := c.core.AdmissionregistrationV1().ValidatingAdmissionPolicyBindings().Get(ctx, policyName, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	return found, err
}

// unbind has writes accepted again.
func (c *cluster) unbind(ctx context.Context) error {
	err := c.core.AdmissionregistrationV1().ValidatingAdmissionPolicyBindings().Delete(ctx, policyName, metav1.DeleteOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// thaw has writes accepted again, and ends the migration.
func (c *cluster) thaw(ctx context.Context) error {
	if err := c.unbind(ctx); err != nil {
		return err
	}
	err := c.core.AdmissionregistrationV1().ValidatingAdmissionPolicies().Delete(ctx, policyName, metav1.DeleteOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	return c.everywhere(ctx, "accept writes", func(ctx context.Context, server *cluster) (bool, error) {
		frozen, err := isFrozen(ctx, server)
		return !frozen, err
	})
}
