// Package option has the options that Prometheus names; none does anything.
package option

import "golang.org/x/oauth2/google"

// ClientOption is nothing.
type ClientOption struct{}

// CredentialsType is a kind of file.
type CredentialsType string

// ServiceAccount is one of them.
const ServiceAccount CredentialsType = "service_account"

func WithScopes(...string) ClientOption { return ClientOption{} }

func WithAuthCredentialsFile(CredentialsType, string) ClientOption { return ClientOption{} }

func WithCredentials(*google.Credentials) ClientOption { return ClientOption{} }
