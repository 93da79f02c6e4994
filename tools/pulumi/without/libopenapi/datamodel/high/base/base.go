// Package base has the parts of schemas that Pulumi reads.
package base

import (
	"github.com/pb33f/libopenapi/orderedmap"
	"go.yaml.in/yaml/v4"
)

// Extensions are always empty.
type Extensions = orderedmap.Map[string, *yaml.Node]

// Low is a schema as it was written.
type Low struct{}

// Hash is always the same.
func (*Low) Hash() uint64 { return 0 }

// Schema is always empty.
type Schema struct {
	Type, Required               []string
	Format, Description          string
	Properties                   *orderedmap.Map[string, *SchemaProxy]
	AllOf, AnyOf, OneOf          []*SchemaProxy
	Minimum, Maximum, MultipleOf *float64
	MinLength, MaxLength         *int64
	Pattern                      string
	Default                      *yaml.Node
	Enum                         []*yaml.Node
	AdditionalProperties         *DynamicValue
	Items                        *DynamicValue
	ReadOnly, Nullable           *bool
	Discriminator                *Discriminator
	Extensions                   *Extensions
}

// DynamicValue leads to no schema either.
type DynamicValue struct {
	A *SchemaProxy
	B bool
}

// IsA never has a schema.
func (*DynamicValue) IsA() bool { return false }

// GoLow gives nothing.
func (*Schema) GoLow() *Low { return nil }

// MarshalJSONInline gives nothing.
func (*Schema) MarshalJSONInline() ([]byte, error) { return nil, nil }

// SchemaProxy leads to no schema.
type SchemaProxy struct{}

// Schema gives nothing.
func (*SchemaProxy) Schema() *Schema { return nil }

// Discriminator is always empty.
type Discriminator struct {
	PropertyName string
	Mapping      *orderedmap.Map[string, string]
}
