{{/* The secret with the server's certificate. Each source has a name of its own, so that one can take the place of another. */}}
{{- define "ark-apiserver.tlsSecret" -}}
{{- if eq .Values.tls.source "secret" }}
{{- .Values.tls.secret.name }}
{{- else if eq .Values.tls.source "certManager" }}
{{- include "ark-apiserver.fullname" . }}-cert-manager-tls
{{- else }}
{{- include "ark-apiserver.fullname" . }}-tls
{{- end }}
{{- end }}

{{/*
The generated certificate: YAML with its data, in base64, and the annotations by which the next upgrade knows whether it is still good.
One that is good is taken from the cluster. The authority's key is thrown away: nobody can sign another certificate with it. A new
certificate comes with a new authority; the old one stays in the bundle beside it, so that kube-apiserver trusts the servers while they
have not seen the new one.
*/}}
{{- define "ark-apiserver.generatedCertificate" -}}
{{- $host := include "ark-apiserver.host" . }}
{{- $names := list $host (printf "%s.cluster.local" $host) (trimSuffix ".svc" $host) (include "ark-apiserver.fullname" .) }}
{{- $format := "2006-01-02T15:04:05Z07:00" }}
{{- $secret := lookup "v1" "Secret" .Release.Namespace (include "ark-apiserver.tlsSecret" .) | default dict }}
{{- $data := get $secret "data" | default dict }}
{{- $annotations := dig "metadata" "annotations" dict $secret | default dict }}
{{- $expires := get $annotations "ark.ai/certificate-expires" | toDate $format | unixEpoch | int64 }}
{{- $renew := sub $expires (mul .Values.tls.generated.renewBeforeDays 86400) }}
{{- $complete := and (hasKey $data "tls.crt") (hasKey $data "tls.key") (hasKey $data "ca.crt") }}
{{- if and $complete (eq (get $annotations "ark.ai/certificate-names") (join "," $names)) (lt (now | unixEpoch | int64) $renew) }}
{{- dict "data" $data "expires" (get $annotations "ark.ai/certificate-expires") "names" (join "," $names) | toYaml }}
{{- else }}
{{- $days := int .Values.tls.generated.validityDays }}
{{- $ca := genCA (printf "%s-ca" (include "ark-apiserver.fullname" .)) $days }}
{{- $certificate := genSignedCert $host nil $names $days $ca }}
{{- $bundle := $ca.Cert }}
{{- if $complete }}
{{- $end := "-----END CERTIFICATE-----" }}
{{- $bundle = printf "%s\n%s%s\n" (trim $ca.Cert) (get $data "ca.crt" | b64dec | splitList $end | first) $end }}
{{- end }}
{{- $expires := now | dateModify (printf "%dh" (mul $days 24)) | date $format }}
{{- $data := dict "tls.crt" (b64enc $certificate.Cert) "tls.key" (b64enc $certificate.Key) "ca.crt" (b64enc $bundle) }}
{{- dict "data" $data "expires" $expires "names" (join "," $names) | toYaml }}
{{- end }}
{{- end }}

{{/* The authority of a secret of the operator's, in base64. */}}
{{- define "ark-apiserver.givenCABundle" -}}
{{- $name := .Values.tls.secret.name }}
{{- if .Values.tls.secret.caBundle }}
{{- b64enc .Values.tls.secret.caBundle }}
{{- else }}
{{- $secret := lookup "v1" "Secret" .Release.Namespace $name | default dict }}
{{- get (get $secret "data" | default dict) "ca.crt" | required (printf "There is no secret %q with ca.crt in namespace %s: create it first, or give its authority as tls.secret.caBundle." $name .Release.Namespace) }}
{{- end }}
{{- end }}
