// Package libopenapi stands in for the real one, which takes a fifth of all the time that Pulumi
// takes to build and serves `pulumi api` alone.
package libopenapi

import (
	"errors"

	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"
)

// Document cannot be made.
type Document struct{}

// DocumentModel cannot be made.
type DocumentModel struct{ Model v3.Document }

// NewDocument always fails.
func NewDocument([]byte) (Document, error) {
	return Document{}, errors.New(
		"this pulumi was built by Belfry, without `pulumi api`; put Pulumi's own on PATH")
}

// BuildV3Model is never reached.
func (Document) BuildV3Model() (*DocumentModel, error) { return nil, nil }
