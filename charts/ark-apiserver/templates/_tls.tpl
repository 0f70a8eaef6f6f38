{{/* The secret with the server's certificate. Each source has a name of its own, so that one can take the place of another. */}}
{{- define "ark-apiserver.tlsSecret" -}}
{{- if eq .Values.tls.source "secret" }}
{{- .Values.tls.secret.name }}
{{- else if eq .Values.tls.source "certManager" }}
{{- include "ark-apiserver.fullname" . }}-cert-manager-tls
{{- else }}
{{- include "ark-apiserver.fullname" . }}-serving-certificate
{{- end }}
{{- end }}

{{/* The authority of a secret of the operator's, in base64. */}}
{{- define "ark-apiserver.givenCABundle" -}}
{{- $name := .Values.tls.secret.name }}
{{- if .Values.tls.secret.caBundle }}
{{- b64enc .Values.tls.secret.caBundle }}
{{- else }}
{{- $secret := lookup "v1" "Secret" (include "ark-apiserver.namespace" .) $name | default dict }}
{{- get (get $secret "data" | default dict) "ca.crt" | required (printf "There is no secret %q with ca.crt in namespace %s: create it first, or give its authority as tls.secret.caBundle." $name (include "ark-apiserver.namespace" .)) }}
{{- end }}
{{- end }}
