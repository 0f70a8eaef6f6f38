{{/* Metadata of all that helm test makes, and takes away again if it passes. Ends with the annotations. */}}
{{- define "ark-apiserver.checkMetadata" -}}
name: {{ include "ark-apiserver.fullname" . }}-check
namespace: {{ include "ark-apiserver.namespace" . }}
labels:
  {{- /* Not those that the Service selects. */}}
  {{- merge (dict "app.kubernetes.io/component" "check") (include "ark-apiserver.labels" . | fromYaml) | toYaml | nindent 2 }}
annotations:
  helm.sh/hook: test
  helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
