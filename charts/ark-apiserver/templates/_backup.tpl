{{/* The pod that backs the database up. It has no token, since it needs nothing of Kubernetes. */}}
{{- define "ark-apiserver.backupPod" -}}
{{- $storage := .Values.ark.storage }}
{{- $sqlite := eq $storage.driver "sqlite" }}
{{- $s3 := include "ark-apiserver.backupBucket" . | fromYaml }}
metadata:
  labels:
    {{- include "ark-apiserver.backupLabels" (include "ark-apiserver.podLabels" .) | nindent 4 }}
  {{- with .Values.podAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  serviceAccountName: {{ include "ark-apiserver.serviceAccountName" . }}
  automountServiceAccountToken: false
  {{- /* The log of each attempt stays, for as long as the Job does. */}}
  restartPolicy: Never
  {{- include "ark-apiserver.podSettings" . | nindent 2 }}
  {{- if or $sqlite .Values.affinity.nodeAffinity }}
  affinity:
    {{- with .Values.affinity.nodeAffinity }}
    nodeAffinity:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- if $sqlite }}
    {{- /* The file is read beside the server, on its node. */}}
    podAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        - topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "ark-apiserver.selectorLabels" . | nindent 14 }}
    {{- end }}
  {{- end }}
  {{- with .Values.initContainers }}
  initContainers:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: backup
      {{- $settings := .Values }}
      {{- with $s3.existingSecret }}
      {{- $credentials := dict "secretRef" (dict "name" .) }}
      {{- $settings = merge (dict "extraEnvFrom" (prepend ($.Values.extraEnvFrom | default list) $credentials)) $.Values }}
      {{- end }}
      {{- include "ark-apiserver.databaseContainerSettings" (merge (dict "Values" $settings) .) | nindent 6 }}
      args:
        - backup
        {{- if $s3 }}
        - s3://{{ $s3.bucket }}/{{ with $s3.prefix }}{{ . }}/{{ end }}
        - --keep={{ .Values.ark.backup.keep }}
        {{- with $s3.endpoint }}
        - --s3-endpoint={{ . }}
        {{- end }}
        {{- with $s3.region }}
        - --s3-region={{ . }}
        {{- end }}
        - --s3-addressing-style={{ $s3.addressingStyle }}
        {{- if $s3.caSecret }}
        - --s3-ca-file=/etc/ark-apiserver/s3/ca.crt
        {{- end }}
        {{- else }}
        - /backups
        - --keep={{ .Values.ark.backup.keep }}
        {{- end }}
        {{- include "ark-apiserver.databaseArgs" . | nindent 8 }}
      volumeMounts:
        {{- if $s3 }}
        - name: tmp
          mountPath: /tmp
        {{- if $s3.caSecret }}
        - name: s3-ca
          mountPath: /etc/ark-apiserver/s3
          readOnly: true
        {{- end }}
        {{- else }}
        - name: backups
          mountPath: /backups
        {{- end }}
        {{- if $sqlite }}
        - name: data
          mountPath: {{ dir $storage.sqlite.path }}
        {{- else }}
        {{- include "ark-apiserver.databaseMount" (list $storage.driver (index $storage $storage.driver)) | trim | nindent 8 }}
        {{- end }}
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    {{- if $s3 }}
    - name: tmp
      emptyDir: {{ with $s3.temporarySize }}{sizeLimit: {{ . }}}{{ else }}{}{{ end }}
    {{- with $s3.caSecret }}
    - name: s3-ca
      projected:
        defaultMode: 0440
        sources:
          - secret:
              name: {{ . }}
              items: [{key: {{ $s3.caSecretKey }}, path: ca.crt}]
    {{- end }}
    {{- else }}
    - name: backups
      persistentVolumeClaim:
        claimName: {{ include "ark-apiserver.backupClaim" . }}
    {{- end }}
    {{- if $sqlite }}
    - name: data
      persistentVolumeClaim:
        claimName: {{ include "ark-apiserver.claim" . }}
    {{- else }}
    {{- include "ark-apiserver.databaseVolume" (list $storage.driver (index $storage $storage.driver)) | trim | nindent 4 }}
    {{- end }}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end }}

{{/* Labels, but not those that the Service selects. */}}
{{- define "ark-apiserver.backupLabels" -}}
{{ merge (dict "app.kubernetes.io/component" "backup") (fromYaml .) | toYaml }}
{{- end }}

{{- define "ark-apiserver.backupName" -}}
{{ include "ark-apiserver.fullname" . | trunc 45 | trimSuffix "-" }}-backup
{{- end }}

{{- define "ark-apiserver.backupClaim" -}}
{{- default (printf "%s-backups" (include "ark-apiserver.fullname" .)) .Values.ark.backup.volume.existingClaim }}
{{- end }}

{{/* The bucket that backups go to, as YAML; nothing if they go to the volume. With --reuse-values there may be no word of it. */}}
{{- define "ark-apiserver.backupBucket" -}}
{{- if dig "s3" "bucket" "" .Values.ark.backup }}
{{- toYaml .Values.ark.backup.s3 }}
{{- end }}
{{- end }}

{{/* Not empty if there are backups. With --reuse-values there is no word of them in the values of a release from before. */}}
{{- define "ark-apiserver.backsUp" -}}
{{- if and .Values.ark.apiserver.enabled (dig "backup" "enabled" false .Values.ark) }}true{{ end }}
{{- end }}
