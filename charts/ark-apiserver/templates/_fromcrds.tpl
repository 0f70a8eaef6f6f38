{{/* Moving in from CustomResourceDefinitions. */}}

{{/* Not empty if the release moves their objects in. With --reuse-values there is no word of it in the values of a release from before. */}}
{{- define "ark-apiserver.movesIn" -}}
{{- if and .Values.ark.apiserver.enabled (dig "fromCustomResourceDefinitions" "enabled" false .Values.ark) }}true{{ end }}
{{- end }}

{{/* Not empty once kube-apiserver passes requests on to this release: from then on the APIServices are Helm's. */}}
{{- define "ark-apiserver.hasMovedIn" -}}
{{- $here := printf "%s/%s" (include "ark-apiserver.namespace" .) (include "ark-apiserver.fullname" .) }}
{{- $moved := "true" }}
{{- range (.Files.Get "files/group.yaml" | fromYaml).versions }}
{{- $service := dig "spec" "service" dict (lookup "apiregistration.k8s.io/v1" "APIService" "" (printf "%s.ark.ai" .) | default dict) }}
{{- if ne $here (printf "%s/%s" (get $service "namespace") (get $service "name")) }}{{ $moved = "" }}{{ end }}
{{- end }}
{{- $moved }}
{{- end }}

{{/*
Who moves. A SQLite file has one user: there it is the server's pod, before the server starts. Elsewhere the rights are those of a Job
alone. They are not a hook's, which Helm deletes when it has waited long enough: the Job would go on without them, maybe while writes
are refused.
*/}}
{{- define "ark-apiserver.moverName" -}}
{{- if or (eq .Values.ark.storage.driver "sqlite") (not .Values.serviceAccount.create) }}
{{- include "ark-apiserver.serviceAccountName" . }}
{{- else }}
{{- include "ark-apiserver.fullname" . }}-from-crds
{{- end }}
{{- end }}

{{- define "ark-apiserver.moverSubject" -}}
- kind: ServiceAccount
  name: {{ include "ark-apiserver.moverName" . }}
  namespace: {{ include "ark-apiserver.namespace" . }}
{{- end }}

{{/* Labels, but not those that the Service selects. */}}
{{- define "ark-apiserver.moverLabels" -}}
{{ merge (dict "app.kubernetes.io/component" "from-crds") (fromYaml .) | toYaml }}
{{- end }}

{{- define "ark-apiserver.fromCRDsArgs" -}}
{{- $from := .Values.ark.fromCustomResourceDefinitions -}}
- migrate
- from-crds
- --apiservices=/etc/ark-apiserver/apiservices/apiservices.yaml
- --from-group={{ $from.group }}
{{- include "ark-apiserver.moverOutput" . }}
{{- if $from.keepInvalid }}
- --keep-invalid
{{- end }}
{{ include "ark-apiserver.databaseArgs" . }}
{{- with include "ark-apiserver.encryptionArgs" . }}
{{ . }}
{{- end }}
{{- end }}

{{- define "ark-apiserver.moverOutput" -}}
{{- if eq .Values.ark.apiserver.logging.format "json" }}
- --output=json
{{- end }}
{{- end }}

{{- define "ark-apiserver.apiServicesMount" -}}
- name: apiservices
  mountPath: /etc/ark-apiserver/apiservices
  readOnly: true
{{- end }}

{{- define "ark-apiserver.apiServicesVolume" -}}
- name: apiservices
  configMap:
    name: {{ include "ark-apiserver.fullname" . }}-apiservices
{{- end }}

{{/* On SQLite, before the server starts on the file. */}}
{{- define "ark-apiserver.moverContainer" -}}
- name: from-crds
  {{- include "ark-apiserver.databaseContainerSettings" . | nindent 2 }}
  args:
    {{- include "ark-apiserver.fromCRDsArgs" . | nindent 4 }}
  volumeMounts:
    {{- include "ark-apiserver.storageMounts" . | nindent 4 }}
    {{- include "ark-apiserver.apiServicesMount" . | nindent 4 }}
    {{- with .Values.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* The pod of the Job: on SQLite it has the server answer once that has started, elsewhere it does everything. */}}
{{- define "ark-apiserver.moverPod" -}}
{{- $sqlite := eq .Values.ark.storage.driver "sqlite" }}
metadata:
  labels:
    {{- include "ark-apiserver.moverLabels" (include "ark-apiserver.podLabels" .) | nindent 4 }}
  {{- with .Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "ark-apiserver.moverName" . }}
  automountServiceAccountToken: false # the token is that of the volume
  {{- /* The log of each attempt stays, for as long as the Job does. */}}
  restartPolicy: Never
  {{- include "ark-apiserver.podSettings" . | nindent 2 }}
  # Told to stop, it has writes accepted again.
  terminationGracePeriodSeconds: 60
  {{- with .Values.affinity.nodeAffinity }}
  affinity:
    nodeAffinity:
      {{- toYaml . | nindent 6 }}
  {{- end }}
  {{- with .Values.initContainers }}
  initContainers:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: from-crds
      {{- if $sqlite }}
      {{- include "ark-apiserver.containerSettings" . | nindent 6 }}
      args:
        - migrate
        - switch
        - --apiservices=/etc/ark-apiserver/apiservices/apiservices.yaml
        - --wait=24h
        {{- with include "ark-apiserver.moverOutput" . }}
        {{- . | indent 8 }}
        {{- end }}
      volumeMounts:
        - name: kube-api-access
          mountPath: /var/run/secrets/kubernetes.io/serviceaccount
          readOnly: true
        {{- include "ark-apiserver.apiServicesMount" . | nindent 8 }}
      {{- else }}
      {{- include "ark-apiserver.databaseContainerSettings" . | nindent 6 }}
      args:
        {{- include "ark-apiserver.fromCRDsArgs" . | nindent 8 }}
      volumeMounts:
        {{- include "ark-apiserver.storageMounts" . | nindent 8 }}
        {{- include "ark-apiserver.apiServicesMount" . | nindent 8 }}
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- end }}
  volumes:
    {{- include "ark-apiserver.apiServicesVolume" . | nindent 4 }}
    {{- include "ark-apiserver.storageVolumes" . | nindent 4 }}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}
